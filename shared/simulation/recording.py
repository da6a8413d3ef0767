"""Recorder port: the sessions of agents that this stack does not run."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from shared.sessions.recorded_worlds.answers import Matched
from shared.simulation.conversation import Conversation
from shared.simulation.target import SimulatedSession, TargetAnswer


class ServedCall(Protocol):
    """Tool call that a simulation's world answered; ``index`` counts them from 0."""

    @property
    def index(self) -> int: ...
    @property
    def tool(self) -> str: ...
    @property
    def arguments(self) -> dict[str, Any]: ...
    @property
    def output(self) -> Any: ...
    @property
    def error(self) -> str | None: ...
    @property
    def matched(self) -> Matched: ...
    @property
    def recorded(self) -> int | None: ...
    @property
    def at(self) -> datetime: ...


#: Returns the calls of the simulation behind an index; -1 for all.
type ReadCalls = Callable[[int], Sequence[ServedCall]]


class SessionRecorder(Protocol):
    """Records a simulation's conversation as a session that is read like any other.

    Every operation is repeatable: a second call for the same turn changes nothing. All raise
    ``TargetFailed`` once the session was deleted.
    """

    def open(self, session: SimulatedSession, agent: str) -> None:
        """Create the session, of the agent with a name."""

    def add(
        self,
        session: SimulatedSession,
        turn: int,
        message: str,
        answer: TargetAnswer,
        calls: ReadCalls,
    ) -> TargetAnswer:
        """Record a turn: the user's message, the calls since the last turn, and the answer.

        Returns the answer as recorded: that of the first call.
        """

    def fail(
        self, session: SimulatedSession, turn: int, message: str, reason: str, calls: ReadCalls
    ) -> None:
        """Record a turn that has no answer."""

    def answer(self, session: SimulatedSession, turn: int) -> TargetAnswer | None:
        """Return the answer of a turn, None if there is none yet.

        Raises ``TargetFailed`` with the reason of a turn that failed.
        """

    def read(self, session: SimulatedSession) -> Conversation:
        """Read the conversation."""
