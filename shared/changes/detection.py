"""Change detection: map writes of the table to changes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from shared.changes.domain import Change
from shared.core.ids import AgentId, OrganizationId, SessionId
from shared.sessions.event_documents import events_of
from shared.storage.records import BY_LIST, Record
from shared.storage.streams import StreamRecord

type Action = Literal["created", "updated", "deleted"]


@dataclass(frozen=True, slots=True)
class _Subject:
    """Published form of an item type; ``format_id`` writes the id as the API shows it."""

    name: str
    format_id: Callable[[UUID], str] = str
    kind: str | None = None


def _session_id(identifier: UUID) -> str:
    return str(SessionId(identifier))


def _agent_id(identifier: UUID) -> str:
    return str(AgentId(identifier))


#: By the ``type`` of the item. The stream's filter in template.yaml names the same types.
SUBJECTS = {
    "agent_session": _Subject("session", _session_id, "agent"),
    "evaluation_session": _Subject("session", _session_id, "evaluation"),
    "playground_session": _Subject("session", kind="playground"),
    "agent": _Subject("agent", _agent_id),
    "scenario": _Subject("scenario"),
    "workflow": _Subject("workflow"),
}


def change_of(write: StreamRecord) -> Change | None:
    """Return the change that a write stands for, or None if it is not published."""
    record = write.record
    if "turn" in record.stream_attributes:
        return _turn_end(write)
    if "evaluation" in record.stream_attributes:
        return _evaluation_request(write)
    subject = SUBJECTS.get(record.type)
    action = _action(write.old, write.new)
    if subject is None or action is None:
        return None
    identifier = _identifier(record)
    details = {f"{subject.name}_id": subject.format_id(identifier)}
    if subject.kind is not None:
        details["kind"] = subject.kind
    return _change(write, f"{subject.name}.{action}", details)


def _turn_end(write: StreamRecord) -> Change | None:
    """Return the end of a turn that was appended to a session's event log."""
    if write.old is not None or write.new is None:
        return None
    name = f"turn.{write.record.stream_attributes['turn']}"
    end = next(event for event in events_of(write.record) if event.type == name)
    details: dict[str, Any] = {
        "session_id": _session_id(_identifier(write.record)),
        "kind": "agent",
        "turn_id": end.data["turn_id"],
    }
    if simulation := write.record.stream_attributes.get("simulation"):
        run_id, _, number = simulation.partition(":")
        details["simulation"] = {"run_id": run_id, "number": int(number)}
    return _change(write, name, details)


def _evaluation_request(write: StreamRecord) -> Change | None:
    """Return the request for the judge that an evaluation waits for: created, or tried again."""
    if write.new is None:
        return None
    details = {
        "session_id": _session_id(_identifier(write.record)),
        "kind": "evaluation",
        "evaluation_id": write.new.body["id"],
    }
    change = _change(write, "evaluation.requested", details)
    return replace(change, subject=f"{change.subject}#{write.record.key.sort}")


def _change(write: StreamRecord, name: str, details: dict[str, Any]) -> Change:
    partition = write.record.key.partition
    return Change(
        id=write.id,
        name=name,
        organization_id=OrganizationId.parse(partition.partition("#")[0]),
        subject=partition,
        version=write.record.version,
        occurred_at=write.at,
        details=details,
    )


def _identifier(record: Record) -> UUID:
    # Partition keys are <organization>#<kind>#<32 hexadecimal digits>.
    return UUID(record.key.partition.rpartition("#")[2])


def _action(old: Record | None, new: Record | None) -> Action | None:
    """Return the change of an entity, which is in its organization's list while it exists.

    An item that leaves the list is deleted for its users, whether it is removed at once or
    remains as a tombstone; removing the tombstone is not published.
    """
    if _is_listed(old):
        return "updated" if _is_listed(new) else "deleted"
    return "created" if _is_listed(new) else None


def _is_listed(record: Record | None) -> bool:
    return record is not None and BY_LIST in record.index_entries
