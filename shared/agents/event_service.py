"""The log of an agent session, read."""

from dataclasses import dataclass

from shared.agents.domain import AgentSession
from shared.agents.turn_keeper import TurnKeeper
from shared.core.errors import InvalidInput
from shared.core.ids import EventId, OrganizationId, SessionId
from shared.core.json import dumps
from shared.sessions.log_reading import newest_events
from shared.sessions.models import Event, is_event_of, sequence_of
from shared.sessions.reader import Held
from shared.sessions.store import SessionStore

#: Bytes of events read for one answer: a function answers 6 MB at most, escapes included.
MAX_PAGE_BYTES = 2_500_000
#: Of the same, from the end of a log: an answer may take a part more than this.
_MAX_PART_BYTES, _MAX_PART_ITEMS = MAX_PAGE_BYTES // 2, 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """Which events to read.

    Attributes
    ----------
    since
        Only what came behind this event.
    after
        Only what came behind this sequence.
    exclude, types
        Not these types; only these types, where any are named.
    before
        Only what came before this sequence.
    limit
        So many at most; None for as many as an answer holds.
    newest
        Where there are more than ``limit``, the last of them and not the first.
    """

    since: EventId | None = None
    after: int = 0
    exclude: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    before: int | None = None
    limit: int | None = None
    newest: bool = False

    def takes(self, event: Event) -> bool:
        named = not self.types or event.type in self.types
        return named and event.type not in self.exclude

    def end(self, session: AgentSession) -> int:
        """Return the sequence up to which the log of a session is asked for."""
        if self.before is None:
            return session.last_sequence
        return min(session.last_sequence, self.before - 1)


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in order; ``read_upto`` is the sequence to go on behind, None at the end."""

    session: AgentSession
    events: list[Event]
    read_upto: int | None


class EventService:
    """The events of agent sessions."""

    def __init__(self, store: SessionStore[AgentSession], turns: TurnKeeper) -> None:
        self._store = store
        self._turns = turns

    def read(
        self, organization_id: OrganizationId, session_id: SessionId, query: EventQuery
    ) -> EventPage:
        """Read events in their order: one read where there are none, else a query more.

        An answer that cannot hold all has at least one event, so that a client who goes on
        behind the last it has seen gets on. Raises ``NotFound``, and ``InvalidInput`` for
        a ``since`` that is no event of the session.
        """
        if query.newest and query.limit is not None:
            held = self._turns.settled(self._store.hold(organization_id, session_id))
            return EventPage(held.session, self._newest(held, query, query.limit), None)
        after = query.after
        if query.since is not None:
            after = max(after, sequence_of(query.since))
        while True:
            held, events = self._store.read_part(
                organization_id, session_id, after=after, max_bytes=MAX_PAGE_BYTES
            )
            session = held.session
            if query.since is not None and not _is_known(session, query.since):
                raise InvalidInput("Invalid event ID: since_id is no event of this session")
            if self._turns.settled(held) is not held:
                continue  # its turn was stopped just now: the events of that are news too
            read_upto = events[-1].sequence if events else after
            end = query.end(session)
            shown = [event for event in events if event.sequence <= end and query.takes(event)]
            if query.limit is not None and len(shown) > query.limit:
                shown = shown[: query.limit]
                return EventPage(session, shown, shown[-1].sequence)
            if read_upto >= end:
                return EventPage(session, shown, None)
            if shown:
                return EventPage(session, shown, read_upto)
            after = read_upto

    def _newest(self, held: Held[AgentSession], query: EventQuery, limit: int) -> list[Event]:
        """Read from the end of a log: ``limit`` events, or as many as an answer holds."""
        # Of all events, no item holds less than one; of some, many items may hold none.
        max_items = _MAX_PART_ITEMS if query.types or query.exclude else limit
        shown: list[Event] = []
        last, room = query.end(held.session), _MAX_PART_BYTES
        while last > 0 and room > 0 and len(shown) < limit:
            part = newest_events(
                self._store.table,
                held.record.key.partition,
                last=last,
                max_items=max_items,
                max_bytes=_MAX_PART_BYTES,
            )
            taken = [event for event in part if query.takes(event)]
            shown = taken + shown
            room -= sum(len(dumps(event.data)) for event in taken)
            last = part[0].sequence - 1 if part else 0
        return shown[-limit:]


def _is_known(session: AgentSession, since: EventId) -> bool:
    return is_event_of(session.id, since) and 0 < sequence_of(since) <= session.last_sequence
