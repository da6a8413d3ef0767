"""The log of an agent session, read."""

from dataclasses import dataclass

from shared.agents.domain import AgentSession
from shared.agents.event_query import EventFilter, EventQuery
from shared.agents.turn_keeper import TurnKeeper
from shared.core.ids import OrganizationId, SessionId
from shared.core.json import dumps
from shared.sessions.events import find_event
from shared.sessions.log_reading import events_after, newest_events
from shared.sessions.log_times import narrowed
from shared.sessions.models import Event
from shared.sessions.reader import Held
from shared.sessions.store import SessionStore

#: Bytes of events read for one answer: a function answers 6 MB at most, escapes included.
MAX_PAGE_BYTES = 2_500_000
#: Of the same, where an answer is put together from parts: it may take a part more than this.
_MAX_PART_BYTES, _MAX_PART_ITEMS = MAX_PAGE_BYTES // 2, 1000


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in the order asked for.

    ``goes_on`` is the sequence to go on behind, or before where the newest come first; None
    at the end.
    """

    session: AgentSession
    events: list[Event]
    goes_on: int | None


class EventService:
    """The events of agent sessions."""

    def __init__(self, store: SessionStore[AgentSession], turns: TurnKeeper) -> None:
        self._store = store
        self._turns = turns

    def read(
        self, organization_id: OrganizationId, session_id: SessionId, query: EventQuery
    ) -> EventPage:
        """Read events: one read where there are none, else a query more.

        What a filter leaves out is read all the same, one query a megabyte: until there are
        ``limit`` events, or any without one. What lies outside a time, a window or other
        bounds is not read; in a log of more than 1,000 events, a time costs one query for
        each doubling to find.

        An answer that cannot hold all has at least one event, so that a client who goes on
        behind the last it has seen gets on. Raises ``NotFound``, and ``InvalidInput`` for
        a ``since`` or ``around`` that is no event of the session.
        """
        held = self._turns.settled(self._store.hold(organization_id, session_id))
        after, last = query.span(held.session)
        if query.filter.unmatchable:
            return EventPage(held.session, [], None)
        after, last = narrowed(
            lambda sequence: find_event(self._store.table, organization_id, session_id, sequence),
            after,
            last,
            from_at=query.filter.from_at,
            to_at=query.filter.to_at,
        )
        if query.descending:
            events, goes_on = self._from_the_end(held, query, after, last)
            return EventPage(held.session, events[::-1], goes_on)
        if query.newest:
            events, _ = self._from_the_end(held, query, after, last)
            return EventPage(held.session, events, None)
        return EventPage(held.session, *self._onwards(held, query, after, last))

    def _onwards(
        self, held: Held[AgentSession], query: EventQuery, after: int, last: int
    ) -> tuple[list[Event], int | None]:
        """Read upwards: ``limit`` events, or as many as an answer holds."""
        max_bytes = MAX_PAGE_BYTES if query.limit is None else _MAX_PART_BYTES
        partition = held.record.key.partition
        shown: list[Event] = []
        while after < last:
            part = events_after(
                self._store.table, partition, after=after, last=last, max_bytes=max_bytes
            )
            shown += [event for event in part if query.filter.takes(event)]
            if query.limit is not None and len(shown) > query.limit:
                return shown[: query.limit], shown[query.limit - 1].sequence
            after = part[-1].sequence if part else last
            if after < last and _is_full(shown, query):
                return shown, after
        return shown, None

    def _from_the_end(
        self, held: Held[AgentSession], query: EventQuery, after: int, last: int
    ) -> tuple[list[Event], int | None]:
        """Read downwards: ``limit`` events, or as many as an answer holds, oldest first."""
        # Of all events, no item holds less than one; of some, many items may hold none.
        takes_all = query.filter == EventFilter()
        max_items = query.limit if takes_all and query.limit is not None else _MAX_PART_ITEMS
        partition = held.record.key.partition
        shown: list[Event] = []
        while after < last and not _is_full(shown, query):
            part = newest_events(
                self._store.table,
                partition,
                after=after,
                last=last,
                max_items=max_items,
                max_bytes=_MAX_PART_BYTES,
            )
            shown = [event for event in part if query.filter.takes(event)] + shown
            last = part[0].sequence - 1 if part else after
        if query.limit is not None and len(shown) > query.limit:
            shown = shown[-query.limit :]
            last = shown[0].sequence - 1
        return shown, last + 1 if last > after else None


def _is_full(shown: list[Event], query: EventQuery) -> bool:
    """Tell whether an answer has what it was to have, or what it can hold."""
    if query.limit is None:
        return bool(shown)
    size = sum(len(dumps(event.data)) for event in shown)
    return len(shown) >= query.limit or size >= _MAX_PART_BYTES
