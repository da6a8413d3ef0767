"""One event of a log, found by its sequence.

An event lies in the item of the events that were written with it. Where that item begins
is not known, but it holds so many at most: one query, downwards from the event's own
place, meets it first.
"""

from shared.core.ids import OrganizationId, SessionId
from shared.sessions.documents import EVENTS, events_sort, session_key
from shared.sessions.event_items import MAX_EVENTS_PER_ITEM, events_of
from shared.sessions.models import Event
from shared.storage.records import Key, Record
from shared.storage.table import Table


def find_event(
    table: Table, organization_id: OrganizationId, session_id: SessionId, sequence: int
) -> Event | None:
    """Read one event of a session of any kind: one request. None if there is no such."""
    record = find_events(table, organization_id, session_id, sequence)
    if record is None:
        return None
    events = events_of(record)
    return events[sequence - events[0].sequence]


def find_events(
    table: Table, organization_id: OrganizationId, session_id: SessionId, sequence: int
) -> Record | None:
    """Read the item that an event lies in: one request. None if there is no such event."""
    partition = session_key(organization_id, session_id).partition
    first = Key(partition, events_sort(max(1, sequence - MAX_EVENTS_PER_ITEM + 1)))
    for record in table.query(first, upto=events_sort(sequence), ascending=False, limit=1):
        events = events_of(record) if record.type == EVENTS else []
        if events and sequence <= events[-1].sequence:
            return record
    return None
