"""Removing what deleted sessions of any kind have left in their partitions."""

from collections.abc import Callable

from shared.core.errors import Unavailable
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.deletion import is_deleted
from shared.sessions.documents import SESSION, session_key
from shared.storage.purging import purge_partition
from shared.storage.table import Table

#: Milliseconds before a function's end when it stops, to be started again for the rest.
_MARGIN_MS = 5_000


def purge_session(
    table: Table,
    organization_id: OrganizationId,
    session_id: SessionId,
    *,
    remaining_ms: Callable[[], int] | None = None,
) -> None:
    """Remove all but the tombstone of a deleted session.

    Repeating it does no harm: what is gone is gone, and nothing is added behind a tombstone;
    a session that is not deleted is left alone. Raises ``Unavailable`` when there is no time
    to finish, and ``Throttled`` when the table takes no more for now: called again, it goes
    on with the rest. ``remaining_ms`` tells the milliseconds that are left to the function.
    """

    def may_go_on() -> bool:
        return remaining_ms is None or remaining_ms() > _MARGIN_MS

    key = session_key(organization_id, session_id)
    session = table.get(key)
    if session is None or not is_deleted(session):
        return
    if not purge_partition(table, key.partition, keep=SESSION, may_go_on=may_go_on):
        raise Unavailable("Not all of the session's events could be removed in time.")
