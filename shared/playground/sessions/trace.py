"""From a session's log to its trace."""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from shared.core.clock import moment
from shared.playground import events
from shared.playground.sessions.trace_models import (
    TracedNode,
    TracedTool,
    TracedTurn,
    TracedWay,
)
from shared.sessions.models import Event

type Data = dict[str, Any]


def turns_of(log: Iterable[Event]) -> list[list[Event]]:
    """Divide a log, or the part of one, into its turns."""
    return [list(turn) for _, turn in groupby(log, key=lambda event: event.context["turn"])]


def traced(turn: list[Event]) -> TracedTurn:
    """Return the trace of one whole turn, from its events."""
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


def _said_by_user(turn: TracedTurn, data: Data, _: int) -> None:
    turn.message = data["text"]


def _decided(turn: TracedTurn, data: Data, ms: int) -> None:
    turn.decision, turn.note, turn.decided_by = data["decision"], data["note"], data["by"]
    turn.nodes.append(TracedNode(node_id=data["node_id"], type="approval", at_ms=ms))


def _entered(turn: TracedTurn, data: Data, ms: int) -> None:
    turn.nodes.append(TracedNode(node_id=data["node_id"], type=data["type"], at_ms=ms))


def _said(node: TracedNode, data: Data, _: int) -> None:
    node.said.append(data["text"])


def _asked(node: TracedNode, data: Data, _: int) -> None:
    node.asked = data["variable"]


def _called(node: TracedNode, data: Data, ms: int) -> None:
    node.tools.append(TracedTool(**data, at_ms=ms))


def _answered(node: TracedNode, data: Data, ms: int) -> None:
    tool = node.tools[-1]
    tool.output, tool.error = data.get("output"), data.get("error")
    tool.took_ms, tool.delay_ms = ms - tool.at_ms, data.get("delay_ms", 0)


def _set(node: TracedNode, data: Data, _: int) -> None:
    node.set |= data["set"]
    node.skipped |= data.get("skipped", {})


def _signalled(node: TracedNode, data: Data, _: int) -> None:
    node.signals.append(data["signal"])


def _completed(node: TracedNode, data: Data, _: int) -> None:
    node.failed = data["failed"]
    node.outcome = "completed" if node.failed is None else "failed"


def _left(node: TracedNode, data: Data, _: int) -> None:
    node.way = TracedWay(**{name: data[name] for name in TracedWay.model_fields})


def _requested(node: TracedNode, data: Data, _: int) -> None:
    node.approver_role = data["approver_role"]
    node.approval_deadline = data["deadline"] and moment(data["deadline"])


_TURN: dict[str, Callable[[TracedTurn, Data, int], None]] = {
    events.USER_MESSAGE: _said_by_user,
    events.APPROVAL_DECIDED: _decided,
    events.NODE_ENTERED: _entered,
}
_NODE: dict[str, Callable[[TracedNode, Data, int], None]] = {
    events.ASSISTANT_MESSAGE: _said,
    events.VARIABLE_ASKED: _asked,
    events.TOOL_CALLED: _called,
    events.TOOL_ANSWERED: _answered,
    events.CONTEXT_SET: _set,
    events.SIGNAL: _signalled,
    events.NODE_COMPLETED: _completed,
    events.EDGE_TAKEN: _left,
    events.APPROVAL_REQUESTED: _requested,
}
