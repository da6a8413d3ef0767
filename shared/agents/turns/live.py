"""Live answers of agent sessions: the text of the running turn's model call."""

from collections.abc import Callable

from shared.agents.sessions.domain import AgentSession, Turn
from shared.agents.sessions.repository import AgentSessionRepository
from shared.agents.turns.states import LostTurn, check_fence
from shared.core.clock import Clock
from shared.sessions.live_text import LiveTextWriter
from shared.storage.records import Record
from shared.storage.repository import Loaded


def running_call(turn: Turn) -> str:
    """Return the name of a turn's model call; a run that takes the turn over makes another."""
    return f"{turn.id.hex} {turn.runner} {turn.iterations}"


def live_answer(
    repository: AgentSessionRepository,
    loaded: Loaded[AgentSession],
    turn: Turn,
    clock: Clock,
    monotonic: Callable[[], float],
) -> LiveTextWriter:
    """Return the writer of the text of a turn's next model call.

    It raises :class:`LostTurn`, at most two seconds later, if the turn was cancelled or taken
    over, or its session deleted.
    """

    def check(record: Record) -> None:
        if record.version < loaded.record.version:
            return  # an eventually consistent read
        newest = repository.loaded(record)
        if newest is None:
            raise LostTurn
        check_fence(newest.entity, turn)

    call = running_call(turn)
    return LiveTextWriter(
        repository.table, loaded.record.key, call, check, clock=clock, monotonic=monotonic
    )
