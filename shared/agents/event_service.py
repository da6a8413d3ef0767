"""The log of an agent session, read."""

from dataclasses import dataclass

from shared.agents.domain import AgentSession
from shared.agents.turn_keeper import TurnKeeper
from shared.core.errors import InvalidInput
from shared.core.ids import EventId, OrganizationId, SessionId
from shared.sessions.models import Event, is_event_of, sequence_of
from shared.sessions.store import SessionStore

#: Bytes of events read for one answer: a function answers 6 MB at most, escapes included.
MAX_PAGE_BYTES = 2_500_000


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
    limit
        So many at most; None for as many as an answer holds.
    """

    since: EventId | None = None
    after: int = 0
    exclude: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    limit: int | None = None

    def takes(self, event: Event) -> bool:
        named = not self.types or event.type in self.types
        return named and event.type not in self.exclude


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
        """Read events, oldest first: one read where there are none, else a query more.

        An answer that cannot hold all has at least one event, so that a client who goes on
        behind the last it has seen gets on. Raises ``NotFound``, and ``InvalidInput`` for
        a ``since`` that is no event of the session.
        """
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
            shown = [event for event in events if query.takes(event)]
            if query.limit is not None and len(shown) > query.limit:
                shown = shown[: query.limit]
                return EventPage(session, shown, shown[-1].sequence)
            if read_upto >= session.last_sequence:
                return EventPage(session, shown, None)
            if shown:
                return EventPage(session, shown, read_upto)
            after = read_upto


def _is_known(session: AgentSession, since: EventId) -> bool:
    return is_event_of(session.id, since) and 0 < sequence_of(since) <= session.last_sequence
