"""Recorded walks through the catalog's graphs: messages, replies and the edges taken.

tests/fixtures/walks/<slug>.json holds the walks of a graph. After an intended change of
answers, ``python -m tests.support.walks`` records them again; review the difference.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.playground.catalog import get_entry, list_slugs
from shared.playground.engine import events
from shared.playground.engine.engine import Decision, Input, Message, TurnResult, run_turn
from shared.playground.engine.mock_world import MockWorld
from shared.playground.engine.ports import Agent
from shared.playground.engine.runnable_graph import RunnableGraph
from shared.playground.engine.state import State
from shared.playground.engine.turn import TurnContext
from shared.playground.graph import Graph
from shared.playground.speakers.scripted import ScriptedAgent
from tests.support.template import ROOT

WALKS = ROOT / "tests" / "fixtures" / "walks"
NOW = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)

type Walk = dict[str, Any]


@dataclass
class Conversation:
    """Conversation in this process, with engine, agent and mock world."""

    graph: Graph
    state: State
    agent: Agent = field(default_factory=ScriptedAgent)
    now: datetime = NOW

    @classmethod
    def on(cls, graph: Graph, **fields: Any) -> "Conversation":
        return cls(graph, State(node_id=graph.entry_node_id), **fields)

    def give(self, turn_input: Input) -> TurnResult:
        tools = MockWorld(self.graph.mock_world)
        context = TurnContext(agent=self.agent, tools=tools, now=self.now)
        result = run_turn(RunnableGraph.of(self.graph), self.state, turn_input, context)
        self.state = result.state
        return result

    def say(self, text: str) -> TurnResult:
        return self.give(Message(text))


def walks_of(slug: str) -> list[Walk]:
    """Return the walks of a catalog graph."""
    recorded: list[Walk] = json.loads((WALKS / f"{slug}.json").read_text())
    return recorded


def all_walks() -> Iterator[tuple[str, Walk]]:
    """Yield every walk with its graph's slug."""
    for slug in list_slugs():
        for walk in walks_of(slug):
            yield slug, walk


def graph_of(slug: str, walk: Walk) -> Graph:
    """Return the graph of a walk, which may replace answers of the catalog's tools."""
    document = get_entry(slug).document
    world = {**document.get("mock_world", {}), **walk.get("mock_world", {})}
    return Graph.model_validate({**document, "mock_world": world})


def parse_input(turn: dict[str, Any]) -> Input:
    """Return the input of a recorded turn."""
    if "say" in turn:
        return Message(turn["say"])
    if "decide" in turn:
        return Decision(approve=turn["decide"] == "approve", note=turn.get("note"))
    return Decision(approve=False, by="deadline")


def replay(slug: str, walk: Walk) -> Walk:
    """Repeat the inputs of a walk. Return it with the current answers and edges."""
    conversation = Conversation.on(graph_of(slug, walk))
    turns, edges = [], []
    for turn in walk["turns"]:
        if "wait_seconds" in turn:
            conversation.now += timedelta(seconds=turn["wait_seconds"])
        result = conversation.give(parse_input(turn))
        inputs = {
            key: turn[key] for key in ("say", "decide", "note", "wait_seconds") if key in turn
        }
        state = result.state
        turns.append(inputs | {"reply": result.reply, "at": state.node_id, "signal": state.signal})
        edges += [
            event.data["edge_id"] or f"{event.data['from']}->{event.data['to']}"
            for event in result.events
            if event.type == events.EDGE_TAKEN
        ]
    head: Walk = {key: walk[key] for key in ("name", "mock_world") if key in walk}
    return {**head, "turns": turns, "edges": edges}


if __name__ == "__main__":
    for name in list_slugs():
        text = json.dumps([replay(name, w) for w in walks_of(name)], indent=2, ensure_ascii=False)
        (WALKS / f"{name}.json").write_text(text + "\n")
