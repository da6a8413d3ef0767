"""Look-up of one event of a log by its sequence.

An event is stored in one item with the events that were written with it. The item's first
sequence is not known, but its size is bounded: one descending query from the event's own
sequence returns it first.
"""

from shared.core.ids import OrganizationId, SessionId
from shared.sessions.documents import EVENTS, events_sort, session_key
from shared.sessions.domain import Event, Session
from shared.sessions.event_documents import MAX_EVENTS_PER_ITEM, events_of
from shared.sessions.log_parts import log_parts
from shared.storage.records import Key, Record
from shared.storage.table import Table


def find_in_log(table: Table, session: Session, sequence: int) -> Event | None:
    """Return one event of a session of any kind, or None: one request."""
    for part in log_parts(session, sequence - 1, sequence):
        if record := find_item(table, part.partition, sequence):
            return _event_in(record, sequence, session.id)
    return None


def find_event(
    table: Table, organization_id: OrganizationId, session_id: SessionId, sequence: int
) -> Event | None:
    """Return one event of a session that is no fork, or None: one request."""
    record = find_event_item(table, organization_id, session_id, sequence)
    return _event_in(record, sequence, session_id) if record else None


def find_event_item(
    table: Table, organization_id: OrganizationId, session_id: SessionId, sequence: int
) -> Record | None:
    """Return the item of a session's own partition that stores an event, or None: one request."""
    return find_item(table, session_key(organization_id, session_id).partition, sequence)


def find_item(table: Table, partition: str, sequence: int) -> Record | None:
    """Return the item of a partition that stores an event, or None: one request."""
    first = Key(partition, events_sort(max(1, sequence - MAX_EVENTS_PER_ITEM + 1)))
    for record in table.query(first, upto=events_sort(sequence), ascending=False, limit=1):
        events = events_of(record) if record.type == EVENTS else []
        if events and sequence <= events[-1].sequence:
            return record
    return None


def _event_in(record: Record, sequence: int, reader: SessionId) -> Event:
    events = events_of(record, reader)
    return events[sequence - events[0].sequence]
