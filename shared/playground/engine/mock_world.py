"""Mock worlds: tools that answer from a graph or a recording instead of acting."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from shared.playground.engine.ports import ToolAnswer, Tools
from shared.playground.graph import MockAnswer, MockError
from shared.sessions.recorded_worlds.answers import OnUnmatched, find_answer

#: Seconds that one turn waits for mocked tools, in total. API Gateway allows 29 seconds per
#: answer, and a waiting function costs money; a longer ``delay_ms`` is logged, not waited.
MAX_WAIT = 10.0


class MockWorld:
    """Tools that answer as their graph defines."""

    def __init__(self, world: Mapping[str, MockAnswer]) -> None:
        self._world = world

    def call(
        self,
        tool: str,
        arguments: Mapping[str, Any],  # noqa: ARG002  # the answer is constant
        used: Collection[int],  # noqa: ARG002  # nothing is recorded
    ) -> ToolAnswer:
        answer = self._world.get(tool)
        if answer is None:
            return ToolAnswer(error=f"The mock world has no tool {tool!r}.")
        if isinstance(answer, MockError):
            return ToolAnswer(error=answer.error, delay_ms=answer.delay_ms)
        return ToolAnswer(output=answer.output, delay_ms=answer.delay_ms)


class RecordedWorld:
    """Tools that answer as in a recorded session: the mock world of a scenario.

    ``on_unmatched`` is the rule for arguments that were not recorded.
    """

    def __init__(
        self, world: Mapping[str, Mapping[str, Any]], on_unmatched: OnUnmatched = "error"
    ) -> None:
        self._world = world
        self._on_unmatched = on_unmatched

    def call(self, tool: str, arguments: Mapping[str, Any], used: Collection[int]) -> ToolAnswer:
        found = find_answer(self._world, tool, arguments, used, self._on_unmatched)
        error = found.answer.get("error")
        return ToolAnswer(
            output=found.answer.get("output"),
            error=None if error is None else str(error),
            delay_ms=found.answer.get("delay_ms", 0),
            recorded=found.index,
            matched=found.matched,
        )


class PacedTools:
    """Tools that take the time their answers declare, up to a limit per turn."""

    def __init__(
        self, tools: Tools, sleep: Callable[[float], None], limit: float = MAX_WAIT
    ) -> None:
        self._tools = tools
        self._sleep = sleep
        self._left = limit

    def call(self, tool: str, arguments: Mapping[str, Any], used: Collection[int]) -> ToolAnswer:
        answer = self._tools.call(tool, arguments, used)
        wait = min(answer.delay_ms / 1000, self._left)
        if wait > 0:
            self._left -= wait
            self._sleep(wait)
        return answer
