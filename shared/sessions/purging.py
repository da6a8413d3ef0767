"""Removing what deleted sessions of any kind have left in their partitions."""

from collections.abc import Callable, Iterable

from shared.sessions.deletion import is_deleted
from shared.sessions.documents import SESSION
from shared.storage.purging import purge_partition
from shared.storage.streams import StreamRecord
from shared.storage.table import Table

#: Milliseconds before a function's end when it stops, to be started again for the rest.
_MARGIN_MS = 5_000


def purge_sessions(
    table: Table,
    records: Iterable[StreamRecord],
    *,
    remaining_ms: Callable[[], int] | None = None,
) -> str | None:
    """Remove all but the tombstones of the deleted sessions among the records.

    Returns the position of the first that there was no time to finish, or None. Repeating
    it does no harm: what is gone is gone, and nothing is added behind a tombstone.
    """

    def may_go_on() -> bool:
        return remaining_ms is None or remaining_ms() > _MARGIN_MS

    for record in records:
        if record.new is None or not is_deleted(record.new):
            continue
        partition = record.new.key.partition
        if not purge_partition(table, partition, keep=SESSION, may_go_on=may_go_on):
            return record.position
    return None
