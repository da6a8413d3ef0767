"""Slots and waiting starts as records, and slots as messages of the turn queue.

All of an organization are in one partition, slots first: one query returns what is in progress
and what waits, in order.
"""

from typing import Any

from shared.agents.admission.domain import Slot, Start
from shared.core.ids import OrganizationId, SessionId
from shared.core.json import dumps, loads
from shared.storage.records import Key, Record

SLOT, WAITING = "turn_slot", "waiting_turn"
#: Sort before every slot, before every waiting start, and after them.
FIRST_SLOT, FIRST_WAITING, LAST_WAITING = "slot#", "wait#", "wait#~"


def turns_key(organization_id: OrganizationId, sort: str) -> Key:
    """Return the key of an item in the partition of an organization's turns."""
    return Key(f"{organization_id}#turns", sort)


def slot_key(slot: Slot) -> Key:
    """Return the key of a slot's item."""
    return turns_key(slot.organization_id, f"{FIRST_SLOT}{slot.number:04d}")


def slot_record(slot: Slot, *, cause: str = "", handed_by: str = "", expires_at: int) -> Record:
    """Return the record of a slot at its version.

    ``cause`` is the id of the queue message whose run holds it; empty until a run does.
    ``handed_by`` is the one whose run handed it on; empty if no run did.
    ``expires_at`` ends the lease, in seconds since the epoch.
    """
    return Record(
        key=slot_key(slot),
        type=SLOT,
        version=slot.version,
        body={"session": slot.session_id.hex, "cause": cause, "handed_by": handed_by},
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
    )
