"""Event service: read the log of an agent session."""

from dataclasses import dataclass

from shared.agents.event_types import TOOL_STARTED
from shared.agents.events.generations import complete_generations
from shared.agents.events.query import EventFilter, EventQuery
from shared.agents.sessions.domain import AgentSession
from shared.agents.sessions.repository import AgentSessionRepository
from shared.agents.turns.supervisor import TurnSupervisor
from shared.core.ids import OrganizationId, SessionId
from shared.core.json import dumps
from shared.sessions.domain import Event
from shared.sessions.event_lookup import find_in_log
from shared.sessions.log_reading import events_after, newest_events, number_that_fits
from shared.sessions.log_times import narrow
from shared.storage.repository import Loaded

#: Bytes of events read for one page: a function's response is limited to 6 MB, with escapes.
MAX_PAGE_BYTES = 2_500_000
#: The same for a page that is read in several parts; it may exceed this by one part.
_MAX_PART_BYTES, _MAX_PART_ITEMS = MAX_PAGE_BYTES // 2, 1000
#: Bytes of an event in a response beside its data, at most: ids, type, time, context.
_FRAME_BYTES = 800


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in the requested order.

    ``next_sequence`` is the sequence after which the next page begins; before which, in
    descending order and in a page of the newest events. None on the last page, and in a page
    of the newest events that has as many as were requested.
    """

    loaded: Loaded[AgentSession]
    events: list[Event]
    next_sequence: int | None

    @property
    def session(self) -> AgentSession:
        return self.loaded.entity


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

        A page ends where a response is full, and has at least one event if there is any, so
        that a client that continues after the last one makes progress. Raises ``NotFound``,
        and ``InvalidInput`` for a ``since`` or ``around`` of another session.
        """
        loaded = self._repository.load(organization_id, session_id)
        loaded = self._supervisor.expire_if_stale(loaded)
        after, last = query.span(loaded.entity)
        if query.filter.matches_nothing:
            return EventPage(loaded, [], None)
        after, last = narrow(
            lambda sequence: self._find(loaded.entity, sequence),
            after,
            last,
            from_at=query.filter.from_at,
            to_at=query.filter.to_at,
        )
        if query.descending:
            events, next_sequence = self._read_backward(loaded, query, after, last)
            return EventPage(loaded, events[::-1], next_sequence)
        if query.newest:
            events, next_sequence = self._read_backward(loaded, query, after, last)
            is_complete = query.limit is not None and len(events) >= query.limit
            return EventPage(loaded, events, None if is_complete else next_sequence)
        return EventPage(loaded, *self._read_forward(loaded, query, after, last))

    def _read_forward(
        self, loaded: Loaded[AgentSession], query: EventQuery, after: int, last: int
    ) -> tuple[list[Event], int | None]:
        """Return the first ``limit`` events, or as many as a page holds."""
        max_bytes = MAX_PAGE_BYTES if query.limit is None else _MAX_PART_BYTES
        found: list[Event] = []
        while after < last:
            part = events_after(
                self._repository.table,
                loaded.entity,
                after=after,
                last=last,
                max_bytes=max_bytes,
                max_items=None if query.limit is None else _max_items(query),
            )
            found += self._matching(loaded.entity, part, query.filter)
            fitting = number_that_fits(found, query.limit, response_bytes)
            if len(found) > fitting:
                return found[:fitting], found[fitting - 1].sequence
            after = part[-1].sequence if part else last
            if after < last and _is_full(found, query):
                return found, after
        return found, None

    def _read_backward(
        self, loaded: Loaded[AgentSession], query: EventQuery, after: int, last: int
    ) -> tuple[list[Event], int | None]:
        """Return the last ``limit`` events, or as many as a page holds, oldest first."""
        max_items = _max_items(query)
        found: list[Event] = []
        while after < last and not _is_full(found, query):
            part = newest_events(
                self._repository.table,
                loaded.entity,
                after=after,
                last=last,
                max_items=max_items,
                max_bytes=_MAX_PART_BYTES,
            )
            found = self._matching(loaded.entity, part, query.filter) + found
            last = part[0].sequence - 1 if part else after
        fitting = number_that_fits(found[::-1], query.limit, response_bytes)
        if len(found) > fitting:
            found = found[-fitting:]
            last = found[0].sequence - 1
        return found, last + 1 if last > after else None

    def _matching(
        self, session: AgentSession, part: list[Event], conditions: EventFilter
    ) -> list[Event]:
        """Return the events of a part of the log that a filter accepts."""
        completed = complete_generations(part, lambda sequence: self._find(session, sequence))
        return [event for event in completed if conditions.matches(event)]

    def _find(self, session: AgentSession, sequence: int) -> Event | None:
        return find_in_log(self._repository.table, session, sequence)


def _max_items(query: EventQuery) -> int:
    """Return the items of a part of a page with a limit."""
    # Without a filter every item adds at least one event; with one, many may add none.
    has_filter = query.filter != EventFilter()
    return _MAX_PART_ITEMS if has_filter or query.limit is None else query.limit + 1


def _is_full(found: list[Event], query: EventQuery) -> bool:
    """Return whether a page has all requested events, or as many as it can hold."""
    if query.limit is None:
        return bool(found)
    size = sum(len(dumps(event.data)) for event in found)
    return len(found) >= query.limit or size >= _MAX_PART_BYTES


def response_bytes(event: Event) -> int:
    """Return the bytes of an event in a response: JSON within the function's JSON."""
    size = len(dumps(dumps(event.data)).encode())
    # The response repeats the call of a started tool (see the API model).
    return _FRAME_BYTES + (2 * size if event.type == TOOL_STARTED else size)
