"""Trace of a session, from its log."""

from collections.abc import Iterable
from itertools import groupby

from shared.core.clock import moment
from shared.playground.engine import events
from shared.playground.turns.api import TracedNode, TracedTool, TracedTurn, TracedWay
from shared.sessions.domain import Event


def divide_into_turns(log: Iterable[Event]) -> list[list[Event]]:
    """Return the events of a log, or of a part of one, turn by turn."""
    return [list(turn) for _, turn in groupby(log, key=lambda event: event.context["turn"])]


def trace_of(turn: list[Event]) -> TracedTurn:
    """Return the trace of one complete turn."""
    first = turn[0]
    trace = TracedTurn(
        turn=first.context["turn"],
        sequence=first.sequence,
        started_at=moment(first.context["started_at"]),
    )
    for event in turn:
        ms = trace.took_ms = event.context["ms"]
        if trace.nodes:
            trace.nodes[-1].took_ms = ms - trace.nodes[-1].at_ms
        _add_to_turn(trace, event, ms)
    return trace


def _add_to_turn(turn: TracedTurn, event: Event, ms: int) -> None:
    data = event.data
    match event.type:
        case events.USER_MESSAGE:
            turn.message = data["text"]
        case events.APPROVAL_DECIDED:
            turn.decision, turn.note, turn.decided_by = data["decision"], data["note"], data["by"]
            turn.nodes.append(TracedNode(node_id=data["node_id"], type="approval", at_ms=ms))
        case events.NODE_ENTERED:
            turn.nodes.append(TracedNode(node_id=data["node_id"], type=data["type"], at_ms=ms))
        case _ if turn.nodes:
            _add_to_node(turn.nodes[-1], event, ms)


def _add_to_node(node: TracedNode, event: Event, ms: int) -> None:
    data = event.data
    match event.type:
        case events.ASSISTANT_MESSAGE:
            node.said.append(data["text"])
            node.said_sequences.append(event.sequence)
        case events.VARIABLE_ASKED:
            node.asked = data["variable"]
        case events.TOOL_CALLED:
            node.tools.append(TracedTool(**data, sequence=event.sequence, at_ms=ms))
        case events.TOOL_ANSWERED:
            tool = node.tools[-1]
            tool.output, tool.error = data.get("output"), data.get("error")
            tool.took_ms, tool.delay_ms = ms - tool.at_ms, data.get("delay_ms", 0)
            tool.matched, tool.recorded = data.get("matched"), data.get("recorded")
        case events.CONTEXT_SET:
            node.set |= data["set"]
            node.skipped |= data.get("skipped", {})
        case events.SIGNAL:
            node.signals.append(data["signal"])
        case events.NODE_COMPLETED:
            node.failed = data["failed"]
            node.outcome = "completed" if node.failed is None else "failed"
        case events.EDGE_TAKEN:
            node.way = TracedWay(**{name: data[name] for name in TracedWay.model_fields})
        case events.APPROVAL_REQUESTED:
            node.approver_role = data["approver_role"]
            node.approval_deadline = data["deadline"] and moment(data["deadline"])
