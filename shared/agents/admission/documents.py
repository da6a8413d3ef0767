"""Slots and waiting starts as records, and slots as messages of the turn queue.

All of an organization are in one partition, slots first: one query returns what is in progress
and what waits, in order.
"""

from typing import Any

from shared.agents.admission.domain import Slot, Start
from shared.core.ids import AgentId, OrganizationId, SessionId
from shared.core.json import dumps, loads
from shared.storage.records import Key, Record

SLOT, WAITING = "turn_slot", "waiting_turn"
#: Field of a slot that is freed by the last write of its turn.
FREED_WITH_TURN = "freed_with_turn"
#: Sort before every slot, before every waiting start, and after them.
FIRST_SLOT, FIRST_WAITING, LAST_WAITING = "slot#", "wait#", "wait#~"


def turns_key(organization_id: OrganizationId, sort: str) -> Key:
    """Return the key of an item in the partition of an organization's turns."""
    return Key(f"{organization_id}#turns", sort)


def slot_key(slot: Slot) -> Key:
    """Return the key of a slot's item."""
    return turns_key(slot.organization_id, f"{FIRST_SLOT}{slot.number:04d}")


def slot_record(
    slot: Slot,
    *,
    cause: str = "",
    handed_by: str = "",
    freed_with_turn: bool = False,
    expires_at: int,
) -> Record:
    """Return the record of a slot at its version.

    ``cause`` is the id of the queue message whose run holds it; empty until a run does.
    ``handed_by`` is the one whose run handed it on; empty if no run did.
    ``freed_with_turn`` if the last write of its turn frees it: nothing waits for it.
    ``expires_at`` ends the lease, in seconds since the epoch.
    """
    body = {"session": slot.session_id.hex, "cause": cause, "handed_by": handed_by}
    if freed_with_turn:
        body[FREED_WITH_TURN] = "yes"
    return Record(
        key=slot_key(slot),
        type=SLOT,
        version=slot.version,
        body=body,
        expires_at=expires_at,
    )


def slot_from_record(record: Record) -> Slot:
    """Return the slot of a record."""
    organization, _, _ = record.key.partition.partition("#")
    return Slot(
        OrganizationId.parse(organization),
        SessionId.parse(f"session_{record.body['session']}"),
        int(record.key.sort.removeprefix(FIRST_SLOT)),
        record.version,
    )


def waiting_sort(since: str, session_id: SessionId) -> str:
    """Return the sort key of a start that waits."""
    return f"{FIRST_WAITING}{since}#{session_id.hex}"


def waiting_record(start: Start) -> Record:
    """Return the record of a start that waits; one item for each wait of a session."""
    sort = waiting_sort(start.since, start.session_id)
    return Record(key=turns_key(start.organization_id, sort), type=WAITING, body={})


def start_from_record(record: Record) -> Start:
    """Return the start of a record that waits."""
    organization, _, _ = record.key.partition.partition("#")
    _, since, session = record.key.sort.split("#")
    return Start(OrganizationId.parse(organization), SessionId.parse(f"session_{session}"), since)


def slot_to_message(slot: Slot) -> str:
    """Return the body of the queue message that starts a run in a slot."""
    return dumps(
        {
            "organization_id": str(slot.organization_id),
            "session_id": str(slot.session_id),
            "slot": slot.number,
            "version": slot.version,
            **({"agent_id": str(slot.agent_id)} if slot.agent_id else {}),
        }
    )


def slot_from_message(body: str) -> Slot:
    """Parse the body of a queue message."""
    document: dict[str, Any] = loads(body)
    return Slot(
        OrganizationId.parse(document["organization_id"]),
        SessionId.parse(document["session_id"]),
        document["slot"],
        document["version"],
        AgentId.parse(document["agent_id"]) if "agent_id" in document else None,
    )


def slot_to_attribute(slot: Slot) -> str:
    """Return the stream attribute of a message that took a slot for its turn."""
    assert slot.agent_id is not None  # noqa: S101  # a message's session is known
    return f"{slot.number}:{slot.version}:{slot.agent_id.hex}"


def slot_from_attribute(value: str, organization_id: OrganizationId, session_id: SessionId) -> Slot:
    """Parse the stream attribute of a message that took a slot."""
    number, version, agent = value.split(":")
    return Slot(
        organization_id, session_id, int(number), int(version), AgentId.parse(f"agent_{agent}")
    )
