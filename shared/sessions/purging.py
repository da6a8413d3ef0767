"""Purge of deleted sessions of any kind: removal of their events."""

from collections.abc import Callable

from shared.core.errors import Unavailable
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.documents import SESSION, session_key
from shared.storage.idempotency import RECEIPT_PREFIX
from shared.storage.purging import purge_partition
from shared.storage.table import Table
from shared.storage.tombstones import is_tombstone

#: Milliseconds before a function's end at which it stops, to be started again for the rest.
_MARGIN_MS = 5_000


def purge_session(
    table: Table,
    organization_id: OrganizationId,
    session_id: SessionId,
    *,
    remaining_ms: Callable[[], int] | None = None,
) -> None:
    """Remove all items of a deleted session but its tombstone and the receipts.

    Receipts have no content, and expire by themselves. Safe to repeat; a session that is not
    deleted stays as it is. ``remaining_ms`` returns the milliseconds left to the function.
    Raises ``Unavailable`` when they do not suffice and ``Throttled`` when the table is
    throttled: called again, it continues with the rest.
    """

    def has_time() -> bool:
        return remaining_ms is None or remaining_ms() > _MARGIN_MS

    key = session_key(organization_id, session_id)
    session = table.get(key)
    if session is None or not is_tombstone(session):
        return
    if not purge_partition(table, key.partition, keep=_stays, has_time=has_time):
        raise Unavailable("The session's events could not all be removed in time; retry.")


def _stays(sort: str) -> bool:
    return sort == SESSION or sort.startswith(RECEIPT_PREFIX)
