"""Capture: store a session with its complete log.

The session item is written last, so readers never see a partial log. Most logs fit into one
transaction with it. Of a longer one the first part is written ahead, in the partition of a
session that does not exist yet, replacing the items of an earlier attempt.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

from shared.core.errors import TooLarge
from shared.core.json import dumps
from shared.sessions.appending import number_events
from shared.sessions.documents import EVENTS, SESSION, events_sort
from shared.sessions.domain import NewEvent, Session
from shared.sessions.event_documents import event_items
from shared.sessions.store import SessionStore
from shared.storage.contention import ConditionFailed
from shared.storage.idempotency import Idempotency
from shared.storage.records import Key, Record
from shared.storage.repository import Created
from shared.storage.table import Table
from shared.storage.transactions import Action, Create, Delete, Replace, write_when_free

#: Bytes of one event, at most: it is stored in one item, of 400 KB, with room for its frame.
MAX_EVENT_BYTES = 320 * 1024
#: Items of events in the transaction of their session; with up to 300 KB each they stay
#: below the 4 MB of a transaction.
_TOGETHER = 10
#: Items written ahead at once: each is a request of its own, which waits for its answer.
_WRITERS = 8


def fits(event: NewEvent) -> bool:
    """Return whether an item can hold an event."""
    return len(dumps(event.data).encode()) <= MAX_EVENT_BYTES


def check_size(events: Sequence[NewEvent]) -> None:
    """Raise ``TooLarge`` for an event that no item could hold."""
    for number, event in enumerate(events, 1):
        if not fits(event):
            raise TooLarge(
                f"event {number} ({event.type}): must not exceed {MAX_EVENT_BYTES // 1024} KiB."
            )


def capture[S: Session](
    store: SessionStore[S],
    session: S,
    new: Sequence[NewEvent],
    *,
    at: datetime,
    idempotency: Idempotency,
    also: Sequence[Action] | Callable[[], Sequence[Action]] = (),
    on_condition_failed: Callable[[ConditionFailed], None] = lambda _: None,
) -> Created[S]:
    """Store a session and its log: one request for each 3 MB.

    ``also`` is written with the session, or not at all; a function is called again when one
    of its actions fails, unless ``on_condition_failed`` raises. Raises ``TooLarge`` as
    :func:`check_size`, and as ``Repository.create`` for a session that was stored before.
    """
    check_size(new)
    record = store.codec.to_record(session)
    events = number_events(record, session, list(new), at)
    whole = replace(session, last_sequence=len(events))
    items = event_items(record.key.partition, events)
    ahead, together = items[:-_TOGETHER], items[-_TOGETHER:]
    if ahead:
        if replay := store.find_replay(record.key, idempotency):
            return replay
        _write_ahead(store.table, record.key.partition, ahead)

    def build() -> tuple[S, Sequence[Action]]:
        return whole, [*(also() if callable(also) else also), *map(Create, together)]

    return store.create(record.key, build, idempotency, on_condition_failed=on_condition_failed)


def _write_ahead(table: Table, partition: str, items: list[Record]) -> None:
    """Write event items ahead of the session; replace those of an earlier attempt."""
    stored = list(table.query(Key(partition, events_sort(0)), upto=SESSION))
    if any(record.key.sort == SESSION for record in stored):
        return  # another delivery has completed the session: the create replays it
    left = {record.key: record.version for record in stored if record.type == EVENTS}
    for key in left.keys() - {item.key for item in items}:
        write_when_free(table, [Delete(key)])

    def put(item: Record) -> None:
        exists = item.key in left
        write_when_free(table, [Replace(item, left[item.key]) if exists else Create(item)])

    with ThreadPoolExecutor(_WRITERS) as threads:
        deque(threads.map(put, items), maxlen=0)  # raises what one of them raised
