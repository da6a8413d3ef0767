"""Conversations on random graphs, and what must be true of every one of them."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from shared.core.errors import Conflict
from shared.playground import events
from shared.playground.engine import MAX_STEPS, Decision, Input, Message, Ran, run_turn
from shared.playground.engine_graph import RunnableGraph
from shared.playground.engine_ports import Agent, AgentAnswer, AgentRequest, AgentToolCall
from shared.playground.engine_state import COMPLETED, HANDOFF, State, fold
from shared.playground.engine_turn import Surroundings, TurnFailed
from shared.playground.engine_values import fit
from shared.playground.expressions import parse
from shared.playground.graph import ApprovalNode, Edge, Graph, HandoffNode, edge_id
from shared.playground.mock_world import MockWorld
from shared.playground.scripted_agent import ScriptedAgent
from shared.playground.system_variables import SYSTEM_VARIABLES
from shared.sessions.models import NewEvent
from tests.support.graphs import node_ids, random_message
from tests.support.walks import NOW

#: Turns of a conversation, at most: one may well never end, if its user says the wrong things.
MAX_TURNS = 12


class ErraticAgent:
    """An agent that does anything that the port allows, sensible or not."""

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


@dataclass(frozen=True, slots=True)
class Conversed:
    """A conversation that was held: how often what happened, its log, and where it is now."""

    seen: Counter[str]
    log: tuple[NewEvent, ...]
    state: State

    def ways_taken(self) -> set[tuple[str, str]]:
        """The ways from node to node that it took."""
        taken = (event.data for event in self.log if event.type == events.EDGE_TAKEN)
        return {(data["from"], data["to"]) for data in taken}

    def nodes_run(self) -> set[str]:
        """The nodes that it ran."""
        entered = (event for event in self.log if event.type == events.NODE_ENTERED)
        return {event.data["node_id"] for event in entered}


def ways_of(graph: Graph) -> set[tuple[str, str]]:
    """The ways from node to node that a graph has."""
    decided = {
        (node.id, target)
        for node in graph.nodes
        if isinstance(node, ApprovalNode)
        for target in (node.on_approve, node.on_deny)
    }
    return decided | {(edge.source, edge.target) for edge in graph.edges}


def converse(graph: Graph, random: Random, agent: Agent | None = None) -> Conversed:
    """Hold a conversation and check what must be true of every turn and state of it."""
    runnable = RunnableGraph.of(graph)
    tools = MockWorld(graph.mock_world)
    start = State(node_id=graph.entry_node_id, variables=_system(graph))
    state, log = start, list[NewEvent]()
    seen: Counter[str] = Counter()
    for _ in range(MAX_TURNS):
        around = Surroundings(agent=agent or ScriptedAgent(), tools=tools, now=NOW)
        given = _input(state, random, graph)
        before = replace(state)
        try:
            ran = run_turn(runnable, state, given, around)
        except TurnFailed as failure:
            _check_failure(failure, graph)
            assert state == before, "a failed turn changed the state before it"
            seen[failure.code.partition(":")[0]] += 1
            continue
        _check_turn(graph, state, ran)
        log += ran.events
        seen.update(event.type for event in ran.events)
        seen["turns"] += 1
        state = ran.state
        assert fold(start, log) == state, "the log gives another state"
        assert fold(start, [_stored(event) for event in log]) == state, "JSON gives another state"
        if state.node_id is None:
            break
    _check_wrong_input(runnable, state)
    seen["ended"] += state.node_id is None
    seen["repeated"] += len(set(state.completed)) < len(state.completed)
    return Conversed(seen, tuple(log), state)


def _system(graph: Graph) -> dict[str, Any]:
    return {
        variable.name: "system"
        for variable in graph.context_variables
        if variable.source == "system" and variable.name in SYSTEM_VARIABLES
    }


def _input(state: State, random: Random, graph: Graph) -> Input:
    if state.awaiting_approval:
        if state.deadline is not None and random.random() < 0.3:
            return Decision(approve=False, by="deadline")
        return Decision(approve=random.random() < 0.5)
    return Message(random_message(random, graph))


def _stored(event: NewEvent) -> NewEvent:
    data, context = json.loads(json.dumps([event.data, event.context]))
    return NewEvent(type=event.type, data=data, context=context)


def _check_failure(failure: TurnFailed, graph: Graph) -> None:
    kind, _, detail = failure.code.partition(": ")
    assert kind != "routing_error", failure.code
    assert kind in {"max_steps_exceeded", "node_execution_failed", "turn_too_large"}, failure.code
    assert detail != "bad_expression", failure
    entered = [event for event in failure.events if event.type == events.NODE_ENTERED]
    assert len(entered) <= MAX_STEPS
    assert {event.data["node_id"] for event in entered} <= node_ids(graph)


def _check_turn(graph: Graph, before: State, ran: Ran) -> None:
    """Check that a turn stays in its graph, takes ways that are there and open, and stops well."""
    edges = {edge_id(index, edge): edge for index, edge in enumerate(graph.edges)}
    nodes = {node.id: node for node in graph.nodes}
    state, entered, expected = before, 0, None
    for event in ran.events:
        data = event.data
        if event.type == events.NODE_ENTERED:
            entered += 1
            assert data["node_id"] in nodes
            assert expected in {None, data["node_id"]}, "a node is run that no way led to"
            expected = None
        elif event.type == events.NODE_COMPLETED:
            assert data["node_id"] == state.node_id, "a node is finished that was not run"
            finished = data
        elif event.type == events.EDGE_TAKEN:
            assert data["from"] == finished["node_id"] == state.completed[-1]
            node, expected = nodes[data["from"]], data["to"]
            if isinstance(node, ApprovalNode):
                assert data["to"] in {node.on_approve, node.on_deny}
            else:
                _check_way(edges, data, state.variables, failed=finished["failed"] is not None)
        state = fold(state, [event])
    assert entered <= MAX_STEPS
    assert state.step_count == before.step_count + entered
    assert expected is None, "a way was taken, and its node not run"
    _check_rest(graph, state)
    assert state == ran.state


def _check_way(
    edges: Mapping[str, Edge], data: dict[str, Any], values: dict[str, Any], *, failed: bool
) -> None:
    taken = edges[data["edge_id"]]
    assert (taken.source, taken.target) == (data["from"], data["to"])
    assert taken.is_failure_path is failed
    ways = [e for e in edges.values() if e.source == taken.source and e.is_failure_path is failed]
    ways.sort(key=lambda edge: edge.priority)
    open_ways = (e for e in ways if e.condition is None or parse(e.condition).holds(values))
    assert next(open_ways) == taken, "another way stood before it, and was open"


def _check_rest(graph: Graph, state: State) -> None:
    """Check where a turn has come to rest, and that every value is of its variable's type."""
    nodes = {node.id: node for node in graph.nodes}
    if state.node_id is None:
        assert state.signal in {COMPLETED, HANDOFF}
        last = nodes[state.completed[-1]]
        assert isinstance(last, HandoffNode) is (state.signal == HANDOFF)
        leads_on = any(e.source == last.id and not e.is_failure_path for e in graph.edges)
        assert not leads_on, "a conversation stopped at a node that leads on"
    else:
        waits = isinstance(nodes[state.node_id], ApprovalNode)
        assert waits is state.awaiting_approval
    for variable in graph.context_variables:
        if state.variables.get(variable.name) is not None:
            value = state.variables[variable.name]
            assert fit(variable, value) == value
    assert state.variables.keys() <= {variable.name for variable in graph.context_variables}


def _check_wrong_input(graph: RunnableGraph, state: State) -> None:
    around = Surroundings(agent=ScriptedAgent(), tools=MockWorld({}), now=NOW)
    waits = state.awaiting_approval or state.node_id is None
    wrong: Input = Message("Hello") if waits else Decision(approve=True)
    try:
        run_turn(graph, state, wrong, around)
    except Conflict:
        return
    raise AssertionError("an input at the wrong time was taken")
