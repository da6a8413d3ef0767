"""Playground session repository: the session store and its lists."""

from collections.abc import Iterator
from datetime import datetime

from shared.core.clock import Clock, system_clock
from shared.core.ids import OrganizationId, SessionId
from shared.playground.sessions.documents import (
    AWAITING_DEADLINE,
    PlaygroundSessionCodec,
    awaiting_list,
    deadline_sort,
)
from shared.playground.sessions.domain import PlaygroundSession
from shared.sessions.documents import session_list
from shared.sessions.domain import SessionKind
from shared.sessions.store import SessionStore
from shared.storage.lists import ListQuery, Page, merged, work_entries
from shared.storage.records import BY_LINK, BY_PARENT
from shared.storage.table import Table

#: Overdue sessions read at once.
_BATCH = 100


class PlaygroundSessionRepository(SessionStore[PlaygroundSession]):
    """The playground sessions of all organizations."""

    def __init__(self, table: Table, clock: Clock = system_clock) -> None:
        super().__init__(table, PlaygroundSessionCodec(), clock)

    def list_sessions(
        self,
        organization_id: OrganizationId,
        limit: int,
        after: str | None,
        awaiting_approval: bool | None = None,
    ) -> Page[PlaygroundSession]:
        """Return a page of an organization's sessions, newest first.

        As many as fit into an answer, at least one if there is any: one query a shard for
        each megabyte. Sessions that await an approval have a list of their own; where they
        are excluded, they are read and skipped, and a page that would read too many ends
        early, with a cursor.
        """
        query = ListQuery(list=session_list(organization_id, SessionKind.PLAYGROUND), after=after)
        if awaiting_approval:
            query = ListQuery(list=awaiting_list(organization_id), index=BY_PARENT, after=after)
        elif awaiting_approval is False:
            return self.filtered_page(query, limit, lambda one: not one.awaiting_approval)
        return self.page(query, limit)

    def overdue(self, now: datetime) -> Iterator[tuple[OrganizationId, SessionId]]:
        """Yield the sessions of all organizations with an overdue approval, oldest first.

        Costs as ``lists.work_entries``, and one query a shard of the list's former index, for
        approvals that wait since before it was moved. The indexes are eventually consistent.
        """
        highest = deadline_sort(now, "~")
        keys = [entry.key for entry in work_entries(self.table, AWAITING_DEADLINE, highest)]
        former = ListQuery(list=AWAITING_DEADLINE, index=BY_LINK, ascending=True, highest=highest)
        keys += [record.key for record in merged(self.table, [former], _BATCH)]
        for key in keys:
            organization, _, session = key.partition.split("#")
            yield OrganizationId.parse(organization), SessionId.parse(f"session_{session}")
