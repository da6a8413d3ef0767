"""Changing an event that is in a log already: only recorded turns are ever changed so."""

from shared.core.ids import OrganizationId, SessionId
from shared.sessions.event_items import event_items, events_of
from shared.sessions.events import find_events
from shared.sessions.models import Event
from shared.storage.records import Record
from shared.storage.table import Table
from shared.storage.transactions import Action, Create, Replace


def find_to_rewrite(
    table: Table, organization_id: OrganizationId, session_id: SessionId, sequence: int
) -> tuple[Record, Event] | None:
    """Read an event with the item it lies in: one request. None if there is no such."""
    record = find_events(table, organization_id, session_id, sequence)
    if record is None:
        return None
    events = events_of(record)
    return record, events[sequence - events[0].sequence]


def rewritten(record: Record, event: Event) -> list[Action]:
    """Return the writes that put an event in its own place, in the item it lies in.

    They belong into a transaction with the session, whose version tells that nobody else
    wrote meanwhile. What an item cannot hold any more goes into a new one behind it.
    """
    events = [event if old.sequence == event.sequence else old for old in events_of(record)]
    first, *others = event_items(record.key.partition, events, record.marks)
    return [Replace(first, record.version), *map(Create, others)]
