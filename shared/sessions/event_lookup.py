"""Look-up of one event of a log by its sequence.

An event is stored in one item with the events that were written with it. The item's first
sequence is not known, but its size is bounded: one descending query from the event's own
sequence returns it first.
"""

from shared.core.ids import OrganizationId, SessionId
from shared.sessions.documents import EVENTS, events_sort, session_key
from shared.sessions.domain import Event
from shared.sessions.event_documents import MAX_EVENTS_PER_ITEM, events_of
from shared.storage.records import Key, Record
from shared.storage.table import Table


def find_event(
    table: Table, organization_id: OrganizationId, session_id: SessionId, sequence: int
) -> Event | None:
    """Return one event of a session of any kind, or None: one request."""
    record = find_event_item(table, organization_id, session_id, sequence)
    if record is None:
        return None
    events = events_of(record)
    return events[sequence - events[0].sequence]


def find_event_item(
    table: Table, organization_id: OrganizationId, session_id: SessionId, sequence: int
) -> Record | None:
    """Return the item that an event is stored in, or None: one request."""
    partition = session_key(organization_id, session_id).partition
    first = Key(partition, events_sort(max(1, sequence - MAX_EVENTS_PER_ITEM + 1)))
    for record in table.query(first, upto=events_sort(sequence), ascending=False, limit=1):
        events = events_of(record) if record.type == EVENTS else []
        if events and sequence <= events[-1].sequence:
            return record
    return None
