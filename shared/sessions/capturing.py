"""Storing a session together with its whole log: one that went on elsewhere.

The session comes last: nobody meets it before all of its events are there. Most logs fit
into one transaction with it. Of a longer one the first part is written ahead, under a
session that does not exist yet, and is written over if that was tried before.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.core.errors import TooLarge
from shared.core.json import dumps
from shared.sessions.appending import place
from shared.sessions.documents import SESSION, events_sort, to_record
from shared.sessions.event_items import event_items
from shared.sessions.models import NewEvent, Session
from shared.sessions.store import Opened, SessionStore
from shared.storage.idempotency import Idempotency
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.transactions import Action, Create, delete

#: Bytes of one event, at most: it is stored in one item, of 400 KB, with room for its frame.
MAX_EVENT_BYTES = 320 * 1024
#: Items of events in the transaction of their session; with up to 300 KB each they stay
#: below the 4 MB of a transaction.
_TOGETHER = 10


def check_size(events: Sequence[NewEvent]) -> None:
    """Raise ``TooLarge`` for an event that no item could hold."""
    for number, event in enumerate(events, 1):
        if len(dumps(event.data).encode()) > MAX_EVENT_BYTES:
            raise TooLarge(
                f"event {number} ({event.type}) would have more than "
                f"{MAX_EVENT_BYTES // 1024} KiB, the most that can be stored of one"
            )


def capture[S: Session](
    store: SessionStore[S],
    session: S,
    new: Sequence[NewEvent],
    *,
    at: datetime,
    idempotency: Idempotency,
    also: Sequence[Record | Action] = (),
) -> Opened[S]:
    """Store a session and its log: one request for each 3 MB.

    ``also`` is written with the session, or not at all. A session that was stored before
    by the same request is answered as it was then; by another one, ``Unprocessable`` is
    raised, and ``Conflict`` if it is deleted. Raises ``TooLarge`` as :func:`check_size`.
    """
    check_size(new)
    record = to_record(store.codec, session)
    events = place(record, session, list(new), at)
    whole = replace(session, last_sequence=len(events))
    items = event_items(record.key.partition, events)
    ahead, together = items[:-_TOGETHER], items[-_TOGETHER:]
    if ahead:
        earlier = store.opened_before(session.organization_id, session.id, idempotency)
        if earlier is not None:
            return earlier
        _write_ahead(store.table, record.key.partition, ahead)
    return store.open(whole, idempotency, [*also, *map(Create, together)])


def _write_ahead(table: Table, partition: str, items: list[Record]) -> None:
    """Write items of a session that does not exist yet, in place of what a try has left."""
    first = Key(partition, events_sort(0))
    left = {item.key: item.version for item in table.query(first, upto=SESSION)}
    for key in left.keys() - {item.key for item in items}:
        delete(table, key)
    for item in items:
        if item.key in left:
            table.replace(item, expected_version=left[item.key])
        else:
            table.create(item)
