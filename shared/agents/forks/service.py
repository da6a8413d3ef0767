"""Fork service: an agent session that continues the log of another from a sequence on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.agents.files.documents import (
    creation_actions,
    initial_contents_key,
    initial_files,
)
from shared.agents.files.domain import Workspace
from shared.agents.forks.replay import LogReplay
from shared.agents.limits import check_tags, check_title
from shared.agents.sessions.domain import AgentSession, SessionStatus
from shared.agents.sessions.repository import AgentSessionRepository
from shared.agents.turns.events import TurnEvents
from shared.agents.turns.states import cancelled_turn, set_idle
from shared.agents.turns.stream_attributes import starts_turn
from shared.core.clock import Clock, system_clock
from shared.core.errors import InvalidInput
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.documents import session_key
from shared.sessions.domain import NewEvent
from shared.sessions.forking import Origin, fork_of, fork_writes, load_origin
from shared.sessions.log_reading import events_after
from shared.storage.idempotency import Idempotency
from shared.storage.records import Record
from shared.storage.repository import Created
from shared.storage.transactions import Action

#: Reason of the cancellation of a turn that a fork was made within.
FORKED = "The session was forked within this turn"
#: Bytes of a log that are replayed at once.
_PART_BYTES = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ForkInput:
    """A fork as a client asks for it; None takes title and tags of the origin."""

    at_sequence: int
    title: str | None = None
    tags: tuple[str, ...] | None = None


class AgentForkService:
    """Use cases of forks."""

    def __init__(self, repository: AgentSessionRepository, clock: Clock = system_clock) -> None:
        self._repository = repository
        self._clock = clock

    def create(
        self,
        organization_id: OrganizationId,
        origin_id: SessionId,
        given: ForkInput,
        idempotency: Idempotency | None = None,
    ) -> Created[AgentSession]:
        """Create a session that begins with the log of another up to a sequence.

        One read (the origin), one transaction (session, references, files, and the
        events that end a running turn). The files are those that the origin began with. At an
        earlier sequence than the last, the log up to there is read: one query a megabyte. A
        message that has no answer gets one in the fork.

        Raises ``NotFound`` for an unknown session, ``InvalidInput`` above a limit or for a
        sequence that the session does not have, ``Conflict`` as ``fork_of``, and as
        ``Repository.create``.
        """
        check_title(given.title)
        check_tags(given.tags or ())
        fork_id = SessionId(idempotency.uuid()) if idempotency else SessionId.new()

        def build() -> tuple[AgentSession, Sequence[Action]]:
            files = initial_contents_key(organization_id, origin_id)
            origin = load_origin(self._repository, organization_id, origin_id, files)
            fork, new = self._build(origin, fork_id, given)
            attributes = starts_turn(fork) if new else None
            whole, actions = fork_writes(self._repository, origin, fork, new, attributes)
            actions += _file_actions(whole, origin.beside.get(files))
            return whole, actions

        return self._repository.create(
            session_key(organization_id, fork_id),
            build,
            idempotency,
            stream_attributes=_starts_turn_of_new_session,
        )

    def _build(
        self, origin: Origin[AgentSession], fork_id: SessionId, given: ForkInput
    ) -> tuple[AgentSession, list[NewEvent]]:
        """Return the fork, and the events that end the turn in which it was made."""
        last, sequence, now = origin.session.last_sequence, given.at_sequence, self._clock()
        if sequence > last:
            raise InvalidInput(f"at_sequence: must be 0 to {last}, the session's last sequence.")
        state, at = self._state_at(origin, sequence)
        fork = replace(
            state,
            id=fork_id,
            created_at=now,
            updated_at=now,
            title=state.title if given.title is None else given.title,
            tags=state.tags if given.tags is None else given.tags,
            version=1,
            simulation=None,
        )
        fork = fork_of(origin, fork, sequence, at)
        if fork.turn is None:
            return _without_turn(fork, now), []
        ended = cancelled_turn(fork.turn, FORKED, now)
        idled = TurnEvents(fork.turn).idled()
        return set_idle(fork, fork.turn.input_sequence, now), [*ended, idled]

    def _state_at(
        self, origin: Origin[AgentSession], sequence: int
    ) -> tuple[AgentSession, datetime]:
        """Return the state of a session at a sequence, and the time of the event there."""
        session = origin.session
        at_message = sequence == session.last_input_sequence and not session.is_waiting
        if sequence == session.last_sequence and not at_message:
            return session, origin.last_event_at
        replay = LogReplay()
        after = 0
        while after < sequence:
            part = events_after(
                self._repository.table,
                session,
                after=after,
                last=sequence,
                max_bytes=_PART_BYTES,
            )
            replay.add(part)
            after = part[-1].sequence if part else sequence
        return replay.apply_to(session), replay.last_event_at or session.created_at


def _file_actions(fork: AgentSession, initial: Record | None) -> Sequence[Action]:
    """Return the writes of the files that a fork begins with."""
    if initial is None:
        return ()
    empty = Workspace(
        organization_id=fork.organization_id,
        session_id=fork.id,
        created_at=fork.created_at,
        updated_at=fork.created_at,
    )
    return creation_actions(*empty.started_with(initial_files(initial)))


def _without_turn(session: AgentSession, now: datetime) -> AgentSession:
    began = session.started_at is not None
    return replace(
        session,
        status=SessionStatus.IDLE if began else SessionStatus.STARTED,
        waiting_since=now if session.is_waiting else None,
    )


def _starts_turn_of_new_session(session: AgentSession) -> dict[str, str]:
    """Return the stream attributes of a fork whose own events do not start the turn."""
    point = session.forked_from
    has_events = point is not None and session.last_sequence > point.sequence
    return {} if has_events else starts_turn(session)
