"""Purge of deleted sessions of any kind: removal of their events."""

from collections.abc import Callable

from shared.core.errors import Unavailable
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.documents import SESSION, kind_of, session_key
from shared.sessions.domain import SessionKind
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
) -> SessionKind | None:
    """Remove all items of a deleted session but its tombstone and the receipts; return its kind.

    None of a session that is not deleted, which stays as it is, or whose tombstone has expired.
    Receipts have no content, and expire by themselves. Safe to repeat. ``remaining_ms`` returns
    the milliseconds left to the function. Raises ``Unavailable`` when they do not suffice and
    ``Throttled`` when the table is throttled: called again, it continues with the rest.
    """

    def has_time() -> bool:
        return remaining_ms is None or remaining_ms() > _MARGIN_MS

    key = session_key(organization_id, session_id)
    session = table.get(key)
    if session is None or not is_tombstone(session):
        return None
    if not purge_partition(table, key.partition, keep=_stays, has_time=has_time):
        raise Unavailable("The session's events could not all be removed in time; retry.")
    return kind_of(session)


def _stays(sort: str) -> bool:
    return sort == SESSION or sort.startswith(RECEIPT_PREFIX)
