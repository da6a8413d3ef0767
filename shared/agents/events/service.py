"""Event service: read the log of an agent session."""

from dataclasses import dataclass

from shared.agents.events.query import EventFilter, EventQuery
from shared.agents.sessions.domain import AgentSession
from shared.agents.sessions.repository import AgentSessionRepository
from shared.agents.turns.supervisor import TurnSupervisor
from shared.core.ids import OrganizationId, SessionId
from shared.core.json import dumps
from shared.sessions.domain import Event
from shared.sessions.event_lookup import find_event
from shared.sessions.log_reading import events_after, newest_events
from shared.sessions.log_times import narrow
from shared.storage.repository import Loaded

#: Bytes of events read for one page: a function's response is limited to 6 MB, with escapes.
MAX_PAGE_BYTES = 2_500_000
#: The same for a page that is read in several parts; it may exceed this by one part.
_MAX_PART_BYTES, _MAX_PART_ITEMS = MAX_PAGE_BYTES // 2, 1000


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in the requested order.

    ``next_sequence`` is the sequence after which the next page begins, or before which in
    descending order; None on the last page.
    """

    session: AgentSession
    events: list[Event]
    next_sequence: int | None


class EventService:
    """Use cases of events."""

    def __init__(self, repository: AgentSessionRepository, supervisor: TurnSupervisor) -> None:
        self._repository = repository
        self._supervisor = supervisor

    def read(
        self, organization_id: OrganizationId, session_id: SessionId, query: EventQuery
    ) -> EventPage:
        """Return events: one read, and one query if there are any.

        Events that the filter leaves out are read and paid for, one query a megabyte, until
        ``limit`` events (without a limit: one) are found. Events outside the query's range
        and times are not read; in a log of more than 1,000 events, each time bound costs one
        more query per doubling.

        A page has at least one event if there is any, so that a client that continues after
        the last one makes progress. Raises ``NotFound``, and ``InvalidInput`` for a
        ``since`` or ``around`` of another session.
        """
        loaded = self._repository.load(organization_id, session_id)
        loaded = self._supervisor.expire_if_stale(loaded)
        after, last = query.span(loaded.entity)
        if query.filter.matches_nothing:
            return EventPage(loaded.entity, [], None)
        table = self._repository.table
        after, last = narrow(
            lambda sequence: find_event(table, organization_id, session_id, sequence),
            after,
            last,
            from_at=query.filter.from_at,
            to_at=query.filter.to_at,
        )
        if query.descending:
            events, next_sequence = self._read_backward(loaded, query, after, last)
            return EventPage(loaded.entity, events[::-1], next_sequence)
        if query.newest:
            events, _ = self._read_backward(loaded, query, after, last)
            return EventPage(loaded.entity, events, None)
        return EventPage(loaded.entity, *self._read_forward(loaded, query, after, last))

    def _read_forward(
        self, loaded: Loaded[AgentSession], query: EventQuery, after: int, last: int
    ) -> tuple[list[Event], int | None]:
        """Return the first ``limit`` events, or as many as a page holds."""
        max_bytes = MAX_PAGE_BYTES if query.limit is None else _MAX_PART_BYTES
        partition = loaded.record.key.partition
        found: list[Event] = []
        while after < last:
            part = events_after(
                self._repository.table, partition, after=after, last=last, max_bytes=max_bytes
            )
            found += [event for event in part if query.filter.matches(event)]
            if query.limit is not None and len(found) > query.limit:
                return found[: query.limit], found[query.limit - 1].sequence
            after = part[-1].sequence if part else last
            if after < last and _is_full(found, query):
                return found, after
        return found, None

    def _read_backward(
        self, loaded: Loaded[AgentSession], query: EventQuery, after: int, last: int
    ) -> tuple[list[Event], int | None]:
        """Return the last ``limit`` events, or as many as a page holds, oldest first."""
        # Without a filter every item adds at least one event; with one, many may add none.
        has_filter = query.filter != EventFilter()
        max_items = _MAX_PART_ITEMS if has_filter or query.limit is None else query.limit
        partition = loaded.record.key.partition
        found: list[Event] = []
        while after < last and not _is_full(found, query):
            part = newest_events(
                self._repository.table,
                partition,
                after=after,
                last=last,
                max_items=max_items,
                max_bytes=_MAX_PART_BYTES,
            )
            found = [event for event in part if query.filter.matches(event)] + found
            last = part[0].sequence - 1 if part else after
        if query.limit is not None and len(found) > query.limit:
            found = found[-query.limit :]
            last = found[0].sequence - 1
        return found, last + 1 if last > after else None


def _is_full(found: list[Event], query: EventQuery) -> bool:
    """Return whether a page has all requested events, or as many as it can hold."""
    if query.limit is None:
        return bool(found)
    size = sum(len(dumps(event.data)) for event in found)
    return len(found) >= query.limit or size >= _MAX_PART_BYTES
