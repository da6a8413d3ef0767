"""Recorded walks through the catalog's graphs: what is said, what is answered, which way it goes.

tests/fixtures/walks/<slug>.json holds the walks of a graph. After a change that is meant to
change them, ``python -m tests.support.walks`` records the answers anew; read the difference.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.playground import events
from shared.playground.catalog import entry, slugs
from shared.playground.engine import Decision, Input, Message, Ran, run_turn
from shared.playground.engine_graph import RunnableGraph
from shared.playground.engine_state import State
from shared.playground.engine_turn import Surroundings
from shared.playground.graph import Graph
from shared.playground.mock_world import MockWorld
from shared.playground.scripted_agent import ScriptedAgent
from tests.support.template import ROOT

WALKS = ROOT / "tests" / "fixtures" / "walks"
NOW = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)

type Walk = dict[str, Any]


@dataclass
class Conversation:
    """A conversation on a graph, in this process: engine, scripted agent and mock world."""

    graph: Graph
    state: State
    now: datetime = NOW

    @classmethod
    def on(cls, graph: Graph) -> "Conversation":
        return cls(graph, State(node_id=graph.entry_node_id))

    def give(self, given: Input) -> Ran:
        around = Surroundings(
            agent=ScriptedAgent(), tools=MockWorld(self.graph.mock_world), now=self.now
        )
        ran = run_turn(RunnableGraph.of(self.graph), self.state, given, around)
        self.state = ran.state
        return ran

    def say(self, text: str) -> Ran:
        return self.give(Message(text))


def walks_of(slug: str) -> list[Walk]:
    """Return the walks of a graph of the catalog."""
    recorded: list[Walk] = json.loads((WALKS / f"{slug}.json").read_text())
    return recorded


def all_walks() -> Iterator[tuple[str, Walk]]:
    """Return every walk with its graph's slug."""
    for slug in slugs():
        for walk in walks_of(slug):
            yield slug, walk


def graph_of(slug: str, walk: Walk) -> Graph:
    """Return the graph that a walk is on: its tools may answer otherwise than the catalog's."""
    document = entry(slug).document
    world = {**document.get("mock_world", {}), **walk.get("mock_world", {})}
    return Graph.model_validate({**document, "mock_world": world})


def given(turn: dict[str, Any]) -> Input:
    """Return what a recorded turn begins with."""
    if "say" in turn:
        return Message(turn["say"])
    if "decide" in turn:
        return Decision(approve=turn["decide"] == "approve", note=turn.get("note"))
    return Decision(approve=False, by="deadline")


def walked(slug: str, walk: Walk) -> Walk:
    """Return the walk as it goes now: its turns answered, and the edges that it took."""
    conversation = Conversation.on(graph_of(slug, walk))
    turns, edges = [], []
    for turn in walk["turns"]:
        if "wait_seconds" in turn:
            conversation.now += timedelta(seconds=turn["wait_seconds"])
        ran = conversation.give(given(turn))
        asked = {key: turn[key] for key in ("say", "decide", "note", "wait_seconds") if key in turn}
        answered = {"reply": ran.reply, "at": ran.state.node_id, "signal": ran.state.signal}
        turns.append(asked | answered)
        edges += [
            event.data["edge_id"] or f"{event.data['from']}->{event.data['to']}"
            for event in ran.events
            if event.type == events.EDGE_TAKEN
        ]
    kept: Walk = {key: walk[key] for key in ("name", "mock_world") if key in walk}
    return {**kept, "turns": turns, "edges": edges}


def text_of(walks: list[Walk]) -> str:
    """Return walks as they are committed."""
    return json.dumps(walks, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name in slugs():
        (WALKS / f"{name}.json").write_text(text_of([walked(name, w) for w in walks_of(name)]))
