"""Purge of deleted sessions of any kind: removal of their events.

Events that a fork refers to stay, with the tombstone, until the purge of the last such fork.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from shared.core.clock import moment
from shared.core.errors import Unavailable
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.documents import SESSION, events_sort, kind_of, segments_of, session_key
from shared.sessions.domain import SessionKind
from shared.sessions.event_documents import event_items, events_of
from shared.sessions.event_lookup import find_item
from shared.sessions.references import (
    MARKER,
    REFERENCE,
    is_reference,
    query_references,
    reference_key,
    through_of,
)
from shared.storage.contention import ConditionFailed, retry_on_contention
from shared.storage.idempotency import RECEIPT_PREFIX, RECEIPT_RETENTION
from shared.storage.purging import purge_partition
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.tombstones import is_tombstone
from shared.storage.transactions import Create, Replace, write

#: Milliseconds before a function's end at which it stops, to be started again for the rest.
_MARGIN_MS = 5_000


@dataclass(frozen=True, slots=True)
class _Deleted:
    """The tombstone of a session, and the references of forks to its log."""

    tombstone: Record
    references: Sequence[Record]

    @property
    def through(self) -> int:
        """The last sequence that a fork needs; 0 without any."""
        return max(map(through_of, self.references), default=0)

    def keeps(self, sort: str) -> bool:
        """Return whether an item is to stay; receipts have no content, and expire."""
        if sort == SESSION or sort.startswith(RECEIPT_PREFIX):
            return True
        shared = sort == MARKER or sort.startswith(REFERENCE)
        return bool(self.references) and (shared or sort <= events_sort(self.through))


def purge_session(
    table: Table,
    organization_id: OrganizationId,
    session_id: SessionId,
    *,
    remaining_ms: Callable[[], int] | None = None,
) -> SessionKind | None:
    """Remove all items of a deleted session but its tombstone and the receipts; return its kind.

    None of a session that is not deleted, which stays as it is, or whose tombstone has expired.
    Events that forks refer to stay. Of a fork, its references are removed, and of each deleted
    origin, what no other fork needs: one more query, one write, and, if no other fork needs as
    much, one pass over what is left.

    Safe to repeat. ``remaining_ms`` returns the milliseconds left to the function. Raises
    ``Unavailable`` when they do not suffice and ``Throttled`` when the table is throttled:
    called again, it continues with the rest.
    """

    def has_time() -> bool:
        return remaining_ms is None or remaining_ms() > _MARGIN_MS

    deleted = _find(table, session_key(organization_id, session_id))
    if deleted is None:
        return None
    _purge(table, deleted, has_time)
    for segment in segments_of(deleted.tombstone.body):
        origin = session_key(organization_id, segment.session_id)
        table.delete(reference_key(origin.partition, session_id))
        left = _find(table, origin)
        if left is not None and segment.through > left.through:
            _purge(table, left, has_time)
    return kind_of(deleted.tombstone)


def _find(table: Table, session: Key) -> _Deleted | None:
    """Return a deleted session; None of any other: one query."""
    found = list(query_references(table, session))
    if not found or found[0].key != session or not is_tombstone(found[0]):
        return None
    return _Deleted(found[0], list(filter(is_reference, found)))


def _purge(table: Table, deleted: _Deleted, has_time: Callable[[], bool]) -> None:
    partition = deleted.tombstone.key.partition
    _set_expiry(table, deleted)
    if not purge_partition(table, partition, keep=deleted.keeps, has_time=has_time):
        raise Unavailable("The session's events could not all be removed in time; retry.")
    if deleted.through:
        retry_on_contention(table.sleep, lambda: _cut_item(table, partition, deleted.through))


def _cut_item(table: Table, partition: str, through: int) -> None:
    """Remove the events behind the last that a fork needs from the item that stores it."""
    record = find_item(table, partition, through)
    if record is None:
        return  # the purge of another fork removed it
    events = events_of(record)
    needed = [event for event in events if event.sequence <= through]
    if len(needed) < len(events):
        # More than one only of an item that earlier code wrote.
        first, *others = event_items(partition, needed)
        write(table, [Replace(first, record.version), *map(Create, others)])


def _set_expiry(table: Table, deleted: _Deleted) -> None:
    """Keep the tombstone while forks refer to the log: another session must not take its id."""
    tombstone = deleted.tombstone
    ends = int(moment(tombstone.body["deleted_at"]).timestamp()) + RECEIPT_RETENTION
    expires_at = None if deleted.references else ends
    if (tombstone.expires_at is None) != (expires_at is None):
        changed = replace(tombstone, expires_at=expires_at)
        with suppress(ConditionFailed):  # the purge of another fork did it
            table.replace(changed, expected_version=tombstone.version)
