"""Reads of a part of a session's log, in either direction, up to a number of bytes."""

from collections.abc import Callable, Iterator, Sequence

from shared.core.ids import SessionId
from shared.sessions.documents import events_sort
from shared.sessions.domain import Event, Session
from shared.sessions.event_documents import events_of
from shared.sessions.log_parts import LogPart, log_parts
from shared.storage.records import Key, Record
from shared.storage.table import Table

#: Bytes of the entries of one response: Lambda's limit is 6 MB with everything else.
MAX_RESPONSE_BYTES = 5_500_000


def number_that_fits[T](
    entries: Sequence[T], limit: int | None, response_bytes: Callable[[T], int]
) -> int:
    """Return the number of first entries in one page: at most ``limit``, at least one if any.

    ``response_bytes`` measures an entry as it is sent. A page of fewer entries than were
    requested needs a cursor for the others.
    """
    remaining = MAX_RESPONSE_BYTES
    for number, entry in enumerate(entries[:limit]):
        remaining -= response_bytes(entry)
        if number and remaining < 0:
            return number
    return len(entries[:limit])


def events_after(
    table: Table,
    session: Session,
    *,
    after: int,
    last: int,
    max_bytes: int,
    max_items: int | None = None,
) -> list[Event]:
    """Return events behind a sequence up to ``last``, oldest first, at least one if any.

    One request for each megabyte, one more where ``after`` is within events that were written
    together, and one for each further part of a fork's log. Reading ends with the item that
    fills ``max_bytes``, and after ``max_items`` of a part.
    """
    events: list[Event] = []
    for part in log_parts(session, after, last):
        found, size = _first_of_part(table, session.id, part, max_bytes, max_items)
        events += found
        max_bytes -= size
        is_cut = max_items is not None and not (found and found[-1].sequence >= part.last)
        if max_bytes <= 0 or is_cut:
            break
    return events


def _first_of_part(
    table: Table, reader: SessionId, part: LogPart, max_bytes: int, max_items: int | None
) -> tuple[list[Event], int]:
    """Return the first events of a part, and the bytes of their items."""
    events: list[Event] = []
    size = 0
    first = Key(part.partition, events_sort(part.first))
    for record in table.query(first, upto=events_sort(part.last), limit=max_items):
        events += events_of(record, reader)
        size += record.size
        if size >= max_bytes:
            break
    if not events or events[0].sequence > part.first:
        # The first event is in an item that begins before it.
        lowest = Key(part.partition, events_sort(1))
        for record in table.query(lowest, upto=events_sort(part.first), ascending=False, limit=1):
            events = events_of(record, reader) + events
            size += record.size
    return [event for event in events if part.first <= event.sequence <= part.last], size


def newest_events(
    table: Table, session: Session, *, last: int, max_items: int, max_bytes: int, after: int = 0
) -> list[Event]:
    """Return the end of a log up to ``last``, oldest first: one request for each megabyte.

    One more for each further part of a fork's log. Ends with the item that fills ``max_bytes``,
    after ``max_items``, or behind ``after``. ``last`` must come from a consistent read of the
    session, and the log must not be rewritten: then an eventually consistent read, at half the
    price, suffices where it returns no gap up to ``last``. Missing events are read again
    consistently; that may return up to ``max_bytes`` more.
    """
    if last <= after:
        return []
    span = (after, last)
    events = _newest(table, session, span, max_items, max_bytes, consistent=False)
    if events:
        seen = events[-1].sequence
        events += events_after(table, session, after=seen, last=last, max_bytes=max_bytes)
    if not events or not _is_end(events, last):
        return _newest(table, session, span, max_items, max_bytes, consistent=True)
    return events


def _is_end(events: list[Event], last: int) -> bool:
    """Return whether events are the complete end of a log up to ``last``."""
    first = last + 1 - len(events)
    return all(event.sequence == place for place, event in enumerate(events, first))


def _newest(
    table: Table,
    session: Session,
    span: tuple[int, int],
    max_items: int,
    max_bytes: int,
    *,
    consistent: bool,
) -> list[Event]:
    items: list[list[Event]] = []
    for part in reversed(log_parts(session, *span)):
        upto, limit = events_sort(part.last), max_items - len(items)
        found = table.query(
            part.lowest, upto=upto, ascending=False, limit=limit, consistent=consistent
        )
        for record in _upto(found, max_bytes):
            events = events_of(record, session.id)
            items.append([one for one in events if part.first <= one.sequence <= part.last])
            max_bytes -= record.size
        if max_bytes <= 0 or len(items) >= max_items:
            break
    return [event for item in reversed(items) for event in item]


def _upto(records: Iterator[Record], max_bytes: int) -> Iterator[Record]:
    for record in records:
        yield record
        max_bytes -= record.size
        if max_bytes <= 0:
            return
