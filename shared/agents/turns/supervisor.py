"""Turn supervision: cancel turns, expire stale ones."""

from datetime import timedelta

from shared.agents.event_types import INPUT_MESSAGE
from shared.agents.sessions.domain import AgentSession
from shared.agents.sessions.repository import AgentSessionRepository
from shared.agents.turns.open_calls import is_overdue, time_out
from shared.agents.turns.states import Change, LostTurn, cancel, expire, is_stale
from shared.agents.turns.stream_attributes import FAILED, ends_turn, starts_turn
from shared.core.clock import Clock, system_clock
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.domain import Event
from shared.sessions.log_reading import events_after
from shared.storage.repository import Loaded

#: Waiting messages of one cancellation that get an event, at most, and bytes of the log that
#: are read for them: the wait of all ends, and the events fit into one transaction.
_MAX_CANCELLED, _MAX_CANCELLED_BYTES = 1000, 4_000_000


class TurnSupervisor:
    """Supervises turns on behalf of requests and of the sweep (see ``sweep``)."""

    def __init__(
        self,
        repository: AgentSessionRepository,
        timeout: timedelta,
        clock: Clock = system_clock,
    ) -> None:
        self._repository = repository
        self._timeout = timeout
        self._clock = clock

    def cancel(self, organization_id: OrganizationId, session_id: SessionId) -> bool:
        """Cancel the running turn and the turns of messages that wait; return if any did.

        One read, one transaction, and one query where messages wait. A runner that has not
        begun yet finds their turns ended. Raises ``NotFound``.
        """

        def change(session: AgentSession) -> Change:
            return cancel(session, self._waiting_messages(session), self._clock())

        try:
            self._repository.append(organization_id, session_id, change)
        except LostTurn:
            return False
        return True

    def _waiting_messages(self, session: AgentSession) -> list[Event]:
        """Return the first messages of a session whose turns have not begun."""
        behind = session.turn.input_sequence if session.turn else session.answered_through
        events = events_after(
            self._repository.table,
            session,
            after=behind,
            last=session.last_input_sequence,
            max_bytes=_MAX_CANCELLED_BYTES,
        )
        return [event for event in events if event.type == INPUT_MESSAGE][:_MAX_CANCELLED]

    def expire_if_stale(self, loaded: Loaded[AgentSession]) -> Loaded[AgentSession]:
        """Expire the running turn if it made no progress for twice the turn timeout.

        One that waited too long for its client goes on without the results. Returns the
        session as stored afterwards (unchanged if the turn is healthy).
        """
        session = loaded.entity
        if is_overdue(session, self._clock()):
            return self._time_out(loaded)
        if not is_stale(session, self._clock(), self._timeout):
            return loaded
        try:
            appended = self._repository.append(
                session.organization_id,
                session.id,
                lambda s: expire(s, self._clock(), self._timeout),
                stream_attributes=lambda s: ends_turn(FAILED, s),
                loaded=loaded,
            )
        except LostTurn:
            return self._repository.load(session.organization_id, session.id)
        return appended.loaded or loaded

    def _time_out(self, loaded: Loaded[AgentSession]) -> Loaded[AgentSession]:
        session = loaded.entity
        try:
            appended = self._repository.append(
                session.organization_id,
                session.id,
                lambda s: time_out(s, self._clock()),
                stream_attributes=starts_turn,
                loaded=loaded,
            )
        except LostTurn:
            return self._repository.load(session.organization_id, session.id)
        return appended.loaded or loaded
