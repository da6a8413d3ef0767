"""Traces as stored items, and back.

An item is in the partition of its session, behind the session's own item: the readers of the
log do not meet it, and the purge of the session removes it.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from shared.core.clock import moment, timestamp
from shared.core.ids import InferenceResultId, OrganizationId, SessionId
from shared.evaluations.sessions.domain import EvaluationSession
from shared.evaluations.traces.domain import Trace, TraceType
from shared.sessions.documents import session_key
from shared.storage.records import BY_LINK, IndexEntry, Key, Record

TRACE = "trace"
#: Sorts behind the keys of all traces.
END = f"{TRACE}$"
_PLAIN = (
    "id", "name", "description", "input_data", "output_data", "error", "latency_ms",
    "metadata", "parent_trace_id",
)  # fmt: skip
_TIMES = ("created_at", "start_time", "end_time")
_NAMES = frozenset(one.name for one in fields(Trace))


def to_record(organization_id: OrganizationId, trace: Trace) -> Record:
    """Return the item of a trace."""
    turn = trace.inference_result_id
    values: dict[str, Any] = {name: getattr(trace, name) for name in _PLAIN}
    values |= {name: at and timestamp(at) for name in _TIMES if (at := getattr(trace, name))}
    values |= {"turn": str(turn), "type": trace.type and trace.type.value}
    return Record(
        key=trace_key(organization_id, turn, trace.id),
        type=TRACE,
        body={key: value for key, value in values.items() if value is not None},
        index_entries={
            BY_LINK: IndexEntry(trace_list(organization_id, trace.id), str(turn)),
        },
    )


def from_record(record: Record) -> Trace:
    """Return the trace of an item."""
    values = {key: value for key, value in record.body.items() if key in _NAMES}
    values |= {name: moment(values[name]) for name in _TIMES if name in values}
    if "type" in values:
        values["type"] = TraceType(values["type"])
    return Trace(**values, inference_result_id=InferenceResultId.parse(record.body["turn"]))


def trace_key(organization_id: OrganizationId, turn: InferenceResultId, identifier: str) -> Key:
    """Return the key of a trace; without its id, that which the traces of a turn begin with."""
    partition = session_key(organization_id, turn.session_id).partition
    return Key(partition, f"{TRACE}#{turn.sequence:012d}#{identifier}")


def trace_list(organization_id: OrganizationId, identifier: str) -> str:
    """Return the name of the list of the traces with an id: one for each turn that has it."""
    return f"{organization_id}#{TRACE}#{identifier}"


def is_recorded(turn: InferenceResultId, sessions: Mapping[SessionId, EvaluationSession]) -> bool:
    """Return whether a turn is one of these sessions, and not deleted."""
    session = sessions.get(turn.session_id)
    return session is not None and session.has_turn(turn.sequence)
