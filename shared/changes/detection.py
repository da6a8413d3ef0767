"""Which change a write of the table is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from shared.changes.models import Change
from shared.core.ids import AgentId, OrganizationId, SessionId
from shared.sessions.event_items import events_of
from shared.storage.records import BY_LIST, Record
from shared.storage.streams import StreamRecord

type Happening = Literal["created", "updated", "deleted"]


@dataclass(frozen=True, slots=True)
class _Subject:
    """What an item of a type stands for, outside.

    ``shown`` writes the id as the subject's own endpoints show it.
    """

    name: str
    shown: Callable[[UUID], str]
    kind: str | None = None


def _session(identifier: UUID) -> str:
    return str(SessionId(identifier))


def _agent(identifier: UUID) -> str:
    return str(AgentId(identifier))


#: By the ``type`` of the item. The filter of the stream in template.yaml names the same.
SUBJECTS = {
    "agent_session": _Subject("session", _session, "agent"),
    "evaluation_session": _Subject("session", _session, "evaluation"),
    "playground_session": _Subject("session", str, "playground"),
    "agent": _Subject("agent", _agent),
    "scenario": _Subject("scenario", str),
    "workflow": _Subject("workflow", str),
}


def change_of(written: StreamRecord) -> Change | None:
    """Return the change that a write means to a listener, or None if it means nothing."""
    record = written.record
    if "turn" in record.marks:
        return _end_of_turn(written, record)
    subject = SUBJECTS.get(record.type)
    happening = _happening(written.old, written.new)
    if subject is None or happening is None:
        return None
    # Partition keys read <organisation>#<what>#<32 hexadecimal digits>.
    organization, _, digits = record.key.partition.split("#")
    details = {f"{subject.name}_id": subject.shown(UUID(digits))}
    if subject.kind is not None:
        details["kind"] = subject.kind
    return Change(
        id=written.id,
        name=f"{subject.name}.{happening}",
        organization_id=OrganizationId.parse(organization),
        subject=record.key.partition,
        version=record.version,
        occurred_at=written.at,
        details=details,
    )


def _end_of_turn(written: StreamRecord, item: Record) -> Change | None:
    """Return the end of a turn that was added to a session's log."""
    if written.old is not None or written.new is None:
        return None
    name = f"turn.{item.marks['turn']}"
    ended = next(event for event in events_of(item) if event.type == name)
    organization, _, digits = item.key.partition.split("#")
    return Change(
        id=written.id,
        name=name,
        organization_id=OrganizationId.parse(organization),
        subject=item.key.partition,
        version=item.version,
        occurred_at=written.at,
        details={
            "session_id": _session(UUID(digits)),
            "kind": "agent",
            "turn_id": ended.data["turn_id"],
        },
    )


def _happening(old: Record | None, new: Record | None) -> Happening | None:
    """Tell what became of a thing that its organisation's list shows while it exists.

    An item that leaves the list is deleted for its users, whether it goes at once or is
    kept for a while; the removal of a kept one is news to nobody.
    """
    was, remains = _listed(old), _listed(new)
    if was and remains:
        return "updated"
    if remains:
        return "created"
    return "deleted" if was else None


def _listed(record: Record | None) -> bool:
    return record is not None and BY_LIST in record.rows
