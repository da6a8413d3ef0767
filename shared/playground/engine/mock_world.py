"""Mock worlds: tools that answer from a graph or a recording instead of acting."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from shared.core.json import fingerprint
from shared.playground.engine.ports import ToolAnswer, Tools
from shared.playground.graph import MockAnswer, MockError

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
            return _missing_tool(tool)
        if isinstance(answer, MockError):
            return ToolAnswer(error=answer.error, delay_ms=answer.delay_ms)
        return ToolAnswer(output=answer.output, delay_ms=answer.delay_ms)


class RecordedWorld:
    """Tools that answer as in a recorded session: the mock world of a scenario.

    A tool with several recorded ``calls`` answers with the first unused call of the same
    arguments, or else the last of these; for arguments that were not recorded, with the
    next unused call, or else the last of all.
    """

    def __init__(self, world: Mapping[str, Mapping[str, Any]]) -> None:
        self._world = world

    def call(self, tool: str, arguments: Mapping[str, Any], used: Collection[int]) -> ToolAnswer:
        entry = self._world.get(tool)
        if entry is None:
            return _missing_tool(tool)
        calls = entry.get("calls")
        if not calls:
            return _to_answer(entry)
        index = _select_call(calls, arguments, used)
        return _to_answer(calls[index], index)


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


def _select_call(
    calls: list[Mapping[str, Any]], arguments: Mapping[str, Any], used: Collection[int]
) -> int:
    digest = fingerprint(arguments)
    same = [i for i, call in enumerate(calls) if fingerprint(call.get("arguments", {})) == digest]
    candidates = same or range(len(calls))
    return next((index for index in candidates if index not in used), candidates[-1])


def _to_answer(entry: Mapping[str, Any], recorded: int | None = None) -> ToolAnswer:
    delay = entry.get("delay_ms", 0)
    if "error" in entry:
        return ToolAnswer(error=str(entry["error"]), delay_ms=delay, recorded=recorded)
    return ToolAnswer(output=entry.get("output"), delay_ms=delay, recorded=recorded)


def _missing_tool(tool: str) -> ToolAnswer:
    return ToolAnswer(error=f"The mock world has no tool {tool!r}.")
