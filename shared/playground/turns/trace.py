"""Trace of a session, from its log."""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from shared.core.clock import moment
from shared.playground.engine import events
from shared.playground.turns.api import (
    TracedNode,
    TracedTool,
    TracedTurn,
    TracedWay,
)
from shared.sessions.domain import Event

type Data = dict[str, Any]


def divide_into_turns(log: Iterable[Event]) -> list[list[Event]]:
    """Return the events of a log, or of a part of one, turn by turn."""
    return [list(turn) for _, turn in groupby(log, key=lambda event: event.context["turn"])]


def trace_of(turn: list[Event]) -> TracedTurn:
    """Return the trace of one complete turn."""
    first = turn[0]
    trace = TracedTurn(turn=first.context["turn"], started_at=moment(first.context["started_at"]))
    for event in turn:
        ms = trace.took_ms = event.context["ms"]
        if trace.nodes:
            trace.nodes[-1].took_ms = ms - trace.nodes[-1].at_ms
        if event.type in _TURN:
            _TURN[event.type](trace, event.data, ms)
        elif event.type in _NODE and trace.nodes:
            _NODE[event.type](trace.nodes[-1], event.data, ms)
    return trace


def _add_user_message(turn: TracedTurn, data: Data, _: int) -> None:
    turn.message = data["text"]


def _add_decision(turn: TracedTurn, data: Data, ms: int) -> None:
    turn.decision, turn.note, turn.decided_by = data["decision"], data["note"], data["by"]
    turn.nodes.append(TracedNode(node_id=data["node_id"], type="approval", at_ms=ms))


def _add_node(turn: TracedTurn, data: Data, ms: int) -> None:
    turn.nodes.append(TracedNode(node_id=data["node_id"], type=data["type"], at_ms=ms))


def _add_message(node: TracedNode, data: Data, _: int) -> None:
    node.said.append(data["text"])


def _add_question(node: TracedNode, data: Data, _: int) -> None:
    node.asked = data["variable"]


def _add_tool_call(node: TracedNode, data: Data, ms: int) -> None:
    node.tools.append(TracedTool(**data, at_ms=ms))


def _add_tool_answer(node: TracedNode, data: Data, ms: int) -> None:
    tool = node.tools[-1]
    tool.output, tool.error = data.get("output"), data.get("error")
    tool.took_ms, tool.delay_ms = ms - tool.at_ms, data.get("delay_ms", 0)


def _add_values(node: TracedNode, data: Data, _: int) -> None:
    node.set |= data["set"]
    node.skipped |= data.get("skipped", {})


def _add_signal(node: TracedNode, data: Data, _: int) -> None:
    node.signals.append(data["signal"])


def _complete_node(node: TracedNode, data: Data, _: int) -> None:
    node.failed = data["failed"]
    node.outcome = "completed" if node.failed is None else "failed"


def _add_edge(node: TracedNode, data: Data, _: int) -> None:
    node.way = TracedWay(**{name: data[name] for name in TracedWay.model_fields})


def _add_approval_request(node: TracedNode, data: Data, _: int) -> None:
    node.approver_role = data["approver_role"]
    node.approval_deadline = data["deadline"] and moment(data["deadline"])


_TURN: dict[str, Callable[[TracedTurn, Data, int], None]] = {
    events.USER_MESSAGE: _add_user_message,
    events.APPROVAL_DECIDED: _add_decision,
    events.NODE_ENTERED: _add_node,
}
_NODE: dict[str, Callable[[TracedNode, Data, int], None]] = {
    events.ASSISTANT_MESSAGE: _add_message,
    events.VARIABLE_ASKED: _add_question,
    events.TOOL_CALLED: _add_tool_call,
    events.TOOL_ANSWERED: _add_tool_answer,
    events.CONTEXT_SET: _add_values,
    events.SIGNAL: _add_signal,
    events.NODE_COMPLETED: _complete_node,
    events.EDGE_TAKEN: _add_edge,
    events.APPROVAL_REQUESTED: _add_approval_request,
}
