"""Conversations on random graphs, with the invariants of every turn and state."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from shared.core.errors import Conflict
from shared.playground.engine import events
from shared.playground.engine.engine import (
    MAX_STEPS,
    Decision,
    Input,
    Message,
    TurnResult,
    run_turn,
)
from shared.playground.engine.mock_world import MockWorld
from shared.playground.engine.ports import Agent, AgentAnswer, AgentRequest, AgentToolCall
from shared.playground.engine.runnable_graph import RunnableGraph
from shared.playground.engine.state import COMPLETED, HANDOFF, State, fold
from shared.playground.engine.system_variables import SYSTEM_VARIABLES
from shared.playground.engine.turn import TurnContext, TurnFailed
from shared.playground.engine.values import convert
from shared.playground.expressions import parse
from shared.playground.graph import ApprovalNode, Edge, Graph, HandoffNode, edge_id
from shared.playground.speakers.scripted import ScriptedAgent
from shared.sessions.domain import NewEvent
from tests.support.graphs import random_message
from tests.support.walks import NOW

#: Turns per conversation: it may never end if the user gives no valid answers.
MAX_TURNS = 12


class ErraticAgent:
    """Agent with random answers: anything that the port allows."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def answer(self, request: AgentRequest) -> AgentAnswer:
        chance = self._random.random()
        values = [0, 3, -2.5, True, "late", "lost", "", None, ["x"], {"y": 1}, 2**70, "x" * 60_000]
        names = [*request.variables, "nobody"]
        if chance < 0.4:
            picked = self._random.sample(names, self._random.randint(1, min(3, len(names))))
            return AgentAnswer(writes={name: self._random.choice(values) for name in picked})
        if chance < 0.6:
            slugs = [tool.slug for tool in request.node.tools] + ["unheard_of"]
            return AgentAnswer(tool_calls=(AgentToolCall(self._random.choice(slugs), {"a": 1}),))
        asks = self._random.choice([None, None, *names])
        return AgentAnswer(text=self._random.choice(["", "Hm?", "{{v0}}"]), asks=asks)


def converse(graph: Graph, random: Random, agent: Agent | None = None) -> Counter[str]:
    """Hold a conversation, and assert the invariants of each turn and state.

    Returns how often each type of event and failure occurred.
    """
    runnable = RunnableGraph.of(graph)
    context = TurnContext(
        agent=agent or ScriptedAgent(), tools=MockWorld(graph.mock_world), now=NOW
    )
    system = [v.name for v in graph.context_variables if v.source == "system"]
    variables = {name: "system" for name in system if name in SYSTEM_VARIABLES}
    start = State(node_id=graph.entry_node_id, variables=variables)
    state, log = start, list[NewEvent]()
    counts: Counter[str] = Counter()
    for _ in range(MAX_TURNS):
        turn_input = _input(state, random, graph)
        before = replace(state)
        try:
            result = run_turn(runnable, state, turn_input, context)
        except TurnFailed as failure:
            _check_failure(failure, graph)
            assert state == before, "a failed turn changed the state before it"
            counts[failure.code.partition(":")[0]] += 1
            continue
        _check_turn(graph, state, result)
        log += result.events
        counts.update(event.type for event in result.events)
        counts["turns"] += 1
        state = result.state
        assert fold(start, log) == state, "the log restores another state"
        assert fold(start, [_via_json(e) for e in log]) == state, "JSON restores another state"
        if state.node_id is None:
            break
    _check_wrong_input(runnable, state)
    counts["ended"] += state.node_id is None
    counts["repeated"] += len(set(state.completed)) < len(state.completed)
    return counts


def _input(state: State, random: Random, graph: Graph) -> Input:
    if state.awaiting_approval:
        if state.deadline is not None and random.random() < 0.3:
            return Decision(approve=False, by="deadline")
        return Decision(approve=random.random() < 0.5)
    return Message(random_message(random, graph))


def _via_json(event: NewEvent) -> NewEvent:
    data, context = json.loads(json.dumps([event.data, event.context]))
    return NewEvent(type=event.type, data=data, context=context)


def _check_failure(failure: TurnFailed, graph: Graph) -> None:
    kind, _, detail = failure.code.partition(": ")
    assert kind != "routing_error", failure.code
    assert kind in {"max_steps_exceeded", "node_execution_failed", "turn_too_large"}, failure.code
    assert detail != "bad_expression", failure
    entered = [event for event in failure.events if event.type == events.NODE_ENTERED]
    assert len(entered) <= MAX_STEPS
    assert {event.data["node_id"] for event in entered} <= {node.id for node in graph.nodes}


def _check_turn(graph: Graph, before: State, result: TurnResult) -> None:
    """Check that a turn takes open edges of its graph and stops where it may."""
    edges = {edge_id(index, edge): edge for index, edge in enumerate(graph.edges)}
    nodes = {node.id: node for node in graph.nodes}
    state, entered, expected = before, 0, None
    for event in result.events:
        data = event.data
        if event.type == events.NODE_ENTERED:
            entered += 1
            assert data["node_id"] in nodes
            assert expected in {None, data["node_id"]}, "a node ran that no edge led to"
            expected = None
        elif event.type == events.NODE_COMPLETED:
            assert data["node_id"] == state.node_id, "a node completed that did not run"
            finished = data
        elif event.type == events.EDGE_TAKEN:
            assert data["from"] == finished["node_id"] == state.completed[-1]
            node, expected = nodes[data["from"]], data["to"]
            if isinstance(node, ApprovalNode):
                assert data["to"] in {node.on_approve, node.on_deny}
            else:
                _check_edge(edges, data, state.variables, failed=finished["failed"] is not None)
        state = fold(state, [event])
    assert entered <= MAX_STEPS
    assert state.step_count == before.step_count + entered
    assert expected is None, "an edge was taken, and its target did not run"
    _check_rest(graph, state)
    assert state == result.state


def _check_edge(
    edges: Mapping[str, Edge], data: dict[str, Any], values: dict[str, Any], *, failed: bool
) -> None:
    taken = edges[data["edge_id"]]
    assert (taken.source, taken.target) == (data["from"], data["to"])
    assert taken.is_failure_path is failed
    rivals = [e for e in edges.values() if e.source == taken.source and e.is_failure_path is failed]
    rivals.sort(key=lambda edge: edge.priority)
    open_edges = (e for e in rivals if e.condition is None or parse(e.condition).holds(values))
    assert next(open_edges) == taken, "an open edge has precedence"


def _check_rest(graph: Graph, state: State) -> None:
    """Check where a turn stopped, and that all values have their variables' types."""
    nodes = {node.id: node for node in graph.nodes}
    assert (state.node_id is None) is (state.signal in {COMPLETED, HANDOFF})
    if state.node_id is None:
        last = nodes[state.completed[-1]]
        assert isinstance(last, HandoffNode) is (state.signal == HANDOFF)
        leads_on = any(e.source == last.id and not e.is_failure_path for e in graph.edges)
        assert not leads_on, "a conversation ended at a node with edges"
    else:
        waits = isinstance(nodes[state.node_id], ApprovalNode)
        assert waits is state.awaiting_approval
    for variable in graph.context_variables:
        if state.variables.get(variable.name) is not None:
            value = state.variables[variable.name]
            assert convert(variable, value) == value
    assert state.variables.keys() <= {variable.name for variable in graph.context_variables}


def _check_wrong_input(graph: RunnableGraph, state: State) -> None:
    context = TurnContext(agent=ScriptedAgent(), tools=MockWorld({}), now=NOW)
    waits = state.awaiting_approval or state.node_id is None
    wrong: Input = Message("Hello") if waits else Decision(approve=True)
    with pytest.raises(Conflict):
        run_turn(graph, state, wrong, context)
