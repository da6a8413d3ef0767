"""Session summaries: the lists of all kinds of sessions as one, and one session of any kind."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from shared.core.errors import NotFound
from shared.core.ids import AgentId, OrganizationId, SessionId
from shared.sessions.documents import (
    common_fields,
    kind_of,
    list_bounds,
    session_key,
    session_list,
)
from shared.sessions.domain import SessionKind
from shared.sessions.summaries.domain import Origin, SessionSummary, SummaryFilter
from shared.storage.filtered_lists import MAX_BYTES_READ, read_filtered
from shared.storage.lists import ListQuery, Page, merged
from shared.storage.records import BY_LIST, BY_PARENT, Record
from shared.storage.table import Table
from shared.storage.tombstones import is_tombstone

#: Records requested at once: of a list whose filter rejects some, and of a whole range.
_FILTERED, _RANGE = 250, 1000

#: Returns the fields of a kind's row, as arguments of ``SessionSummary``, from its record.
type Summarize = Callable[[Record], dict[str, Any]]
#: Returns an id in the form of a kind's surface.
type FormatId = Callable[[SessionId], str]
#: A kind of sessions, as its area hands it in.
type Summarized = tuple[SessionKind, FormatId, Summarize]


class SessionSummaries:
    """Use cases of summaries: list and get. Sessions are shown as their list rows hold them.

    ``agent_list`` returns the name of the list of an agent's sessions.
    """

    def __init__(
        self,
        table: Table,
        kinds: Mapping[SessionKind, Summarized],
        agent_list: Callable[[OrganizationId, AgentId], str],
    ) -> None:
        self._table = table
        self._kinds = kinds
        self._agent_list = agent_list

    def list_newest(
        self,
        organization_id: OrganizationId,
        selected: SummaryFilter,
        limit: int,
        after: str | None = None,
    ) -> Page[SessionSummary]:
        """Return sessions that meet a filter, newest first, and the position of the next page.

        One query a shard of each kind, at any depth. Status and search are compared with each
        session that is read, at most 1,000 a page: it may then be shorter than ``limit``.
        """
        queries = self._queries(organization_id, selected, after)
        if not queries:
            return Page([], None)
        return read_filtered(
            self._table,
            queries,
            limit,
            self._summary,
            selected.passes,
            at_once=limit + 1 if selected.is_indexed else _FILTERED,
            max_bytes=MAX_BYTES_READ,
        )

    def read_range(
        self, organization_id: OrganizationId, selected: SummaryFilter
    ) -> Iterator[tuple[SessionSummary, int]]:
        """Yield the sessions of a range of time, newest first, with the bytes of their rows.

        Read lazily: one query a shard of each kind for each megabyte; the caller sets the limit.
        """
        for record in merged(self._table, self._queries(organization_id, selected, None), _RANGE):
            yield self._summary(record), record.size

    def get(self, organization_id: OrganizationId, session_id: SessionId) -> SessionSummary:
        """Return a session of any kind: one read. Raises ``NotFound``."""
        record = self._table.get(session_key(organization_id, session_id))
        if record is None or is_tombstone(record):
            raise NotFound("Session not found")
        return self._summary(record)

    def _queries(
        self, organization_id: OrganizationId, selected: SummaryFilter, after: str | None
    ) -> list[ListQuery]:
        """Return the lists that have all matches: one of an agent, or one of each kind."""
        kinds = [kind for kind in SessionKind if kind in selected.kinds]
        index, names = BY_LIST, [session_list(organization_id, kind) for kind in kinds]
        if selected.agent_id is not None:
            is_possible = SessionKind.AGENT in kinds
            agent_list = self._agent_list(organization_id, selected.agent_id)
            index, names = BY_PARENT, [agent_list] if is_possible else []
        lowest, highest = list_bounds(selected.created_from, selected.created_to)
        return [
            ListQuery(list=name, index=index, after=after, lowest=lowest, highest=highest)
            for name in names
        ]

    def _summary(self, record: Record) -> SessionSummary:
        kind = kind_of(record)
        _, format_id, summarize = self._kinds[kind]
        common = common_fields(record)
        origin = common.get("forked_from")
        fields = {
            "id": format_id(common["id"]),
            "kind": kind,
            "created_at": common["created_at"],
            "updated_at": common["updated_at"],
            "tags": common["tags"],
            "agent": common["agent"],
            "event_count": common["last_sequence"],
            "forked_from": origin and Origin(format_id(origin.session_id), origin.sequence),
            "version": record.version,
        }
        return SessionSummary(**fields | summarize(record))
