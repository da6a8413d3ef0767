"""Fork service: a playground session that continues another from the end of a turn on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.core.clock import Clock, system_clock
from shared.core.errors import InvalidInput
from shared.core.ids import OrganizationId, SessionId
from shared.playground.engine.state import State, fold
from shared.playground.engine.system_variables import system_values
from shared.playground.sessions.domain import PlaygroundSession
from shared.playground.sessions.repository import PlaygroundSessionRepository
from shared.sessions.documents import session_key
from shared.sessions.forking import Origin, fork_of, fork_writes, load_origin
from shared.sessions.log_reading import events_after
from shared.storage.idempotency import Idempotency
from shared.storage.repository import Created
from shared.storage.transactions import Action

#: Bytes of a log that are read at once.
_PART_BYTES = 2_000_000


class PlaygroundForkService:
    """Use cases of forks."""

    def __init__(self, sessions: PlaygroundSessionRepository, clock: Clock = system_clock) -> None:
        self._sessions = sessions
        self._clock = clock

    def create(
        self,
        organization_id: OrganizationId,
        origin_id: SessionId,
        at_turn: int,
        idempotency: Idempotency | None = None,
    ) -> Created[PlaygroundSession]:
        """Create a session that begins with the turns of another up to one.

        One read (the origin), one transaction. At an earlier turn than the last, the log up to
        there is read: one query a megabyte. A deadline that is awaited there begins anew.

        Raises ``NotFound`` for an unknown session, ``InvalidInput`` for a turn that the session
        does not have, ``Conflict`` as ``fork_of``, and as ``Repository.create``.
        """
        fork_id = SessionId(idempotency.uuid()) if idempotency else SessionId.new()

        def build() -> tuple[PlaygroundSession, Sequence[Action]]:
            origin = load_origin(self._sessions, organization_id, origin_id)
            return fork_writes(self._sessions, origin, self._build(origin, fork_id, at_turn))

        return self._sessions.create(session_key(organization_id, fork_id), build, idempotency)

    def _build(
        self, origin: Origin[PlaygroundSession], fork_id: SessionId, at_turn: int
    ) -> PlaygroundSession:
        session, now = origin.session, self._clock()
        if at_turn > session.turn:
            raise InvalidInput(f"at_turn: must be 0 to {session.turn}, the session's last turn.")
        declared = session.graph.system_variables
        known = system_values(declared, fork_id, now)
        if at_turn == session.turn:
            state, sequence, at = session.state, session.last_sequence, origin.last_event_at
            former = system_values(declared, session.id, session.created_at)
            unchanged = {n: v for n, v in known.items() if state.variables.get(n) == former[n]}
            state = replace(state, variables={**state.variables, **unchanged})
        else:
            opened = State(node_id=session.graph.entry_node_id, variables=known)
            state, sequence, at = self._state_at(session, opened, at_turn)
        if state.deadline is not None:
            state = replace(state, deadline=now + (state.deadline - at))
        fork = replace(session.at(state), id=fork_id, created_at=now, updated_at=now, version=1)
        return fork_of(origin, fork, sequence, at)

    def _state_at(
        self, session: PlaygroundSession, state: State, at_turn: int
    ) -> tuple[State, int, datetime]:
        """Return the state at the end of a turn, with the sequence and time of its last event."""
        sequence, at = 0, session.created_at
        while at_turn:
            part = events_after(
                self._sessions.table,
                session,
                after=sequence,
                last=session.last_sequence,
                max_bytes=_PART_BYTES,
            )
            wanted = [event for event in part if event.context["turn"] <= at_turn]
            state = fold(state, wanted)
            if wanted:
                sequence, at = wanted[-1].sequence, wanted[-1].at
            if len(wanted) < len(part) or not part:
                break
        return state, sequence, at
