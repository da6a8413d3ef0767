"""Reads of a part of a session's log, in either direction, up to a number of bytes."""

from collections.abc import Callable, Iterator, Sequence

from shared.sessions.documents import events_sort
from shared.sessions.domain import Event
from shared.sessions.event_documents import MAX_EVENTS_PER_ITEM, events_of
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
    table: Table, partition: str, *, after: int, last: int, max_bytes: int
) -> list[Event]:
    """Return events behind a sequence up to ``last``, oldest first, at least one if any.

    One request for each megabyte, and one more where ``after`` is within events that were
    written together. Reading ends with the item that fills ``max_bytes``.
    """
    if after >= last:
        return []
    events: list[Event] = []
    first = Key(partition, events_sort(after + 1))
    for record in table.query(first, upto=events_sort(last)):
        events += events_of(record)
        max_bytes -= record.size
        if max_bytes <= 0:
            break
    if not events or events[0].sequence > after + 1:
        # The event behind ``after`` is in an item that begins before it.
        lowest = Key(partition, events_sort(1))
        for record in table.query(lowest, upto=events_sort(after + 1), ascending=False, limit=1):
            events = events_of(record) + events
    return [event for event in events if after < event.sequence <= last]


def newest_events(
    table: Table, partition: str, *, last: int, max_items: int, max_bytes: int, after: int = 0
) -> list[Event]:
    """Return the end of a log up to ``last``, oldest first: one request for each megabyte.

    Ends with the item that fills ``max_bytes``, after ``max_items``, or behind ``after``.
    ``last`` must come from a consistent read of the session, and the log must not be
    rewritten: then an eventually consistent read, at half the price, suffices where it
    returns no gap up to ``last``. Missing events are read again consistently; that may
    return up to ``max_bytes`` more.
    """
    if last <= after:
        return []
    span = (after, last)
    events = _newest(table, partition, span, max_items, max_bytes, consistent=False)
    if events:
        seen = events[-1].sequence
        events += events_after(table, partition, after=seen, last=last, max_bytes=max_bytes)
    if not events or not _is_end(events, last):
        return _newest(table, partition, span, max_items, max_bytes, consistent=True)
    return events


def _is_end(events: list[Event], last: int) -> bool:
    """Return whether events are the complete end of a log up to ``last``."""
    first = last + 1 - len(events)
    return all(event.sequence == place for place, event in enumerate(events, first))


def _newest(
    table: Table,
    partition: str,
    span: tuple[int, int],
    max_items: int,
    max_bytes: int,
    *,
    consistent: bool,
) -> list[Event]:
    after, last = span
    lowest = Key(partition, events_sort(max(1, after + 2 - MAX_EVENTS_PER_ITEM)))
    found = table.query(
        lowest, upto=events_sort(last), ascending=False, limit=max_items, consistent=consistent
    )
    items = [events_of(record) for record in _upto(found, max_bytes)]
    return [event for item in reversed(items) for event in item if after < event.sequence <= last]


def _upto(records: Iterator[Record], max_bytes: int) -> Iterator[Record]:
    for record in records:
        yield record
        max_bytes -= record.size
        if max_bytes <= 0:
            return
