"""Rewriting of an event in a log: recorded turns only.

The first rewrite keeps the event as it was recorded, in an item of its own, for repetitions
of the request that recorded it.
"""

from typing import Any

from shared.core.ids import OrganizationId, SessionId
from shared.sessions.domain import Event
from shared.sessions.event_documents import event_items, events_of
from shared.sessions.event_lookup import find_event_item
from shared.storage.idempotency import RECEIPT_RETENTION
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.transactions import Action, Create, Delete, Replace

ORIGINAL_EVENT = "original_event"


def find_to_rewrite(
    table: Table, organization_id: OrganizationId, session_id: SessionId, sequence: int
) -> tuple[Record, Event] | None:
    """Return an event with the item it is stored in, or None: one request."""
    record = find_event_item(table, organization_id, session_id, sequence)
    if record is None:
        return None
    events = events_of(record)
    return record, events[sequence - events[0].sequence]


def rewrite(record: Record, event: Event) -> list[Action]:
    """Return the writes that put an event in its own place, in the item it is stored in.

    They belong to a transaction with the session, whose version excludes concurrent writers.
    Events that the item cannot hold any more go to a new one behind it.
    """
    events = [event if old.sequence == event.sequence else old for old in events_of(record)]
    first, *others = event_items(record.key.partition, events, record.stream_attributes)
    return [Replace(first, record.version), *map(Create, others)]


def keep_original(record: Record, event: Event, now: int) -> Create:
    """Return the write that keeps an event as it was recorded, for 30 days.

    ``now`` is in seconds since the epoch.
    """
    return Create(
        Record(
            key=_original_key(record, event.sequence),
            type=ORIGINAL_EVENT,
            body={"sequence": event.sequence, "data": event.data},
            expires_at=now + RECEIPT_RETENTION,
        )
    )


def remove_original(record: Record, sequence: int) -> Delete:
    """Return the write that removes the first form of an event, if there is one."""
    return Delete(_original_key(record, sequence))


def original_of(record: Record) -> tuple[int, dict[str, Any]]:
    """Return the sequence and the first data of a rewritten event."""
    return record.body["sequence"], record.body["data"]


def _original_key(record: Record, sequence: int) -> Key:
    return Key(record.key.partition, f"original#{sequence:012d}")
