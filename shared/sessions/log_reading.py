"""Reading a part of a session's log, in either direction, up to so many bytes."""

from collections.abc import Iterator

from shared.sessions.documents import events_sort
from shared.sessions.event_items import MAX_EVENTS_PER_ITEM, events_of
from shared.sessions.models import Event
from shared.storage.records import Key, Record
from shared.storage.table import Table


def events_after(
    table: Table, partition: str, *, after: int, last: int, max_bytes: int
) -> list[Event]:
    """Read events behind a sequence up to ``last``, oldest first, at least one if there is any.

    One request for each megabyte, and one more where ``after`` lies within events that were
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
        # The event behind ``after`` lies in an item that begins before it.
        lowest = Key(partition, events_sort(1))
        for record in table.query(lowest, upto=events_sort(after + 1), ascending=False, limit=1):
            events = events_of(record) + events
    return [event for event in events if after < event.sequence <= last]


def newest_events(
    table: Table, partition: str, *, last: int, max_items: int, max_bytes: int, after: int = 0
) -> list[Event]:
    """Read the end of a log up to ``last``, oldest first: one request for each megabyte.

    Ends with the item that fills ``max_bytes``, or after ``max_items``, or at ``after``,
    behind which the events told lie. ``last`` must come from a consistent read of the
    session, and no event of the log be ever rewritten: then the log can be read at half the
    price, without consistency, because a part of it without a gap, up to ``last``, is the
    log. What had not come through yet is read once more, consistently; that may bring up to
    ``max_bytes`` more.
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
    """Tell whether events are the end of a log up to ``last``, none left out."""
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
