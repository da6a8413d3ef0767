"""World of one turn: answers its calls, and records them once."""

from collections.abc import Callable
from typing import Any

from shared.core.backoff import Sleep
from shared.core.clock import Clock, system_clock
from shared.core.errors import Conflict, TooLarge
from shared.core.json import as_text
from shared.runs.worlds.domain import OpenWorld, SimulationKey, WorldCall
from shared.runs.worlds.repository import WorldCallRepository
from shared.runs.worlds.service import WorldSession
from shared.simulation.conversation import Called, Entry
from shared.simulation.target import SimulatedSession, TargetFailed


def key_of(session: SimulatedSession) -> SimulationKey:
    """Return the identity of a session's simulation."""
    return SimulationKey(session.organization_id, session.run_id, session.number)


class SimulationCalls:
    """Calls that the worlds of simulations answered and answer."""

    def __init__(
        self, calls: WorldCallRepository, sleep: Sleep, clock: Clock = system_clock
    ) -> None:
        self._calls = calls
        self._sleep = sleep
        self._clock = clock

    def reader(self, session: SimulatedSession) -> Callable[[int], list[WorldCall]]:
        """Return a function of the calls behind an index: one query for each megabyte."""
        key, world = key_of(session), session.world
        return lambda index: self._calls.calls_after(key, index, world)

    def world(self, session: SimulatedSession, history: list[Entry]) -> "TurnWorld":
        """Return the world of the turn that follows a recorded conversation: one query."""
        opened = OpenWorld(key_of(session), session.world, session.on_unmatched)
        served = sum(isinstance(entry, Called) for entry in history)
        earlier = self.reader(session)(served - 1)
        answers = WorldSession(lambda: opened, self._calls, self._sleep, self._clock)
        return TurnWorld(opened, answers, earlier)


class TurnWorld:
    """World of one turn.

    A turn that was interrupted has made ``earlier`` calls. They are answered as then, as long
    as the agent repeats them in their order, so that no recorded answer is used up twice.
    """

    def __init__(self, opened: OpenWorld, answers: WorldSession, earlier: list[WorldCall]) -> None:
        self._opened = opened
        self._answers = answers
        self._earlier = earlier

    def call(self, name: str, arguments: dict[str, Any]) -> str:
        """Return the answer to a call as text. Raises ``TargetFailed`` after too many calls."""
        try:
            call = self._repeated(name, arguments) or self._answers.call(name, arguments)
        except TooLarge as error:
            return error.message
        except Conflict as error:
            raise TargetFailed(error.message) from error
        return as_text(call.output) if call.error is None else call.error

    def _repeated(self, name: str, arguments: dict[str, Any]) -> WorldCall | None:
        if not self._earlier:
            return None
        first, *rest = self._earlier
        if (first.tool, first.arguments) != (self._opened.tool_of(name), arguments):
            self._earlier = []
            return None
        self._earlier = rest
        return first
