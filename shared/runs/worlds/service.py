"""World server: answers the tool calls of simulations from their scenarios' recordings."""

from collections.abc import Callable
from typing import Any

from shared.core.backoff import Sleep
from shared.core.clock import Clock, system_clock
from shared.core.errors import TooLarge
from shared.core.json import dumps
from shared.runs.worlds.domain import (
    MAX_ARGUMENTS,
    MAX_WAIT,
    OpenWorld,
    SimulationKey,
    WorldCall,
    WorldTool,
    add_used,
    list_tools,
)
from shared.runs.worlds.repository import WorldCallRepository
from shared.sessions.recorded_worlds.answers import find_answer


class WorldService:
    """Worlds of running simulations.

    ``open_world`` reads a simulation's world; it raises ``NotFound``, and ``Conflict``
    (``simulation_not_running``) before and after the simulation runs.
    """

    def __init__(
        self,
        open_world: Callable[[SimulationKey], OpenWorld],
        calls: WorldCallRepository,
        sleep: Sleep,
        clock: Clock = system_clock,
    ) -> None:
        self._open_world = open_world
        self._calls = calls
        self._sleep = sleep
        self._clock = clock

    def session(self, simulation: SimulationKey) -> "WorldSession":
        """Return the world for one request, which reads it when it first needs it."""
        return WorldSession(
            lambda: self._open_world(simulation), self._calls, self._sleep, self._clock
        )


class WorldSession:
    """World of a simulation during one request, which may call several tools."""

    def __init__(
        self,
        open_world: Callable[[], OpenWorld],
        calls: WorldCallRepository,
        sleep: Sleep,
        clock: Clock,
    ) -> None:
        self._open_world = open_world
        self._calls = calls
        self._sleep = sleep
        self._clock = clock
        self._opened: OpenWorld | None = None
        self._wait_left = MAX_WAIT

    def check(self) -> None:
        """Raise as ``open_world`` unless the simulation runs."""
        self._world()

    def tools(self) -> list[WorldTool]:
        """Return the tools of the world by name."""
        return list_tools(self._world().world)

    def call(self, name: str, arguments: dict[str, Any]) -> WorldCall:
        """Answer a call and record it: a query and a write.

        It is recorded before the answer's ``delay_ms`` is waited for, up to ``MAX_WAIT`` seconds
        a request: a client that hangs up has called the tool. An unknown tool answers with an
        error, and is recorded too. Raises ``TooLarge`` for arguments above ``MAX_ARGUMENTS``
        and ``Conflict`` after the last call that a simulation may make.
        """
        if len(dumps(arguments).encode()) > MAX_ARGUMENTS:
            raise TooLarge(f"arguments: must have at most {MAX_ARGUMENTS:,} bytes as JSON.")
        opened = self._world()
        tool = opened.tool_of(name)
        call = self._calls.append(
            opened.simulation, lambda newest: self._next_call(opened, tool, arguments, newest)
        )
        wait = min(call.delay_ms / 1000, self._wait_left)
        if wait > 0:
            self._wait_left -= wait
            self._sleep(wait)
        return call

    def _world(self) -> OpenWorld:
        if self._opened is None:
            self._opened = self._open_world()
        return self._opened

    def _next_call(
        self,
        opened: OpenWorld,
        tool: str,
        arguments: dict[str, Any],
        newest: WorldCall | None,
    ) -> WorldCall:
        used = {} if newest is None else newest.used
        found = find_answer(opened.world, tool, arguments, used.get(tool, ()), opened.on_unmatched)
        error = found.answer.get("error")
        return WorldCall(
            index=0 if newest is None else newest.index + 1,
            tool=tool,
            arguments=arguments,
            matched=found.matched,
            recorded=found.index,
            at=self._clock(),
            output=found.answer.get("output"),
            error=None if error is None else str(error),
            delay_ms=found.answer.get("delay_ms", 0),
            used=add_used(used, tool, (found.matched, found.index)),
        )
