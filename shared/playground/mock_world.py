"""The world that tools live in while a workflow is tried: answers instead of effects."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from shared.core.json import fingerprint
from shared.playground.engine_ports import ToolAnswer, Tools
from shared.playground.graph import MockAnswer, MockError

#: Seconds that the mocked tools of one turn are waited for, in all. API Gateway gives an
#: answer 29 seconds, and a waiting function is paid for; what a graph's ``delay_ms`` wants
#: beyond that is logged, not waited.
MAX_WAIT = 10.0


class MockWorld:
    """Tools that answer what the graph says."""

    def __init__(self, world: Mapping[str, MockAnswer]) -> None:
        self._world = world

    def call(
        self,
        tool: str,
        arguments: Mapping[str, Any],  # noqa: ARG002  # it answers everything the same
        used: Collection[int],  # noqa: ARG002  # and remembers nothing
    ) -> ToolAnswer:
        answer = self._world.get(tool)
        if answer is None:
            return _unknown(tool)
        if isinstance(answer, MockError):
            return ToolAnswer(error=answer.error, delay_ms=answer.delay_ms)
        return ToolAnswer(output=answer.output, delay_ms=answer.delay_ms)


class RecordedWorld:
    """Tools that answer as they did in another session: the mock world of a scenario.

    Of a tool that was called several times (``calls``), the answer is that of the first
    call with the same arguments that has not been repeated yet, or the last such; for
    arguments that no call had, the next call in order, and after all of them the last.
    """

    def __init__(self, world: Mapping[str, Mapping[str, Any]]) -> None:
        self._world = world

    def call(self, tool: str, arguments: Mapping[str, Any], used: Collection[int]) -> ToolAnswer:
        known = self._world.get(tool)
        if known is None:
            return _unknown(tool)
        calls = known.get("calls")
        if not calls:
            return _told(known)
        index = _which(calls, arguments, used)
        return _told(calls[index], index)


class PacedTools:
    """Tools that take their time: waits as long as each answer takes, up to a limit."""

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


def _which(
    calls: list[Mapping[str, Any]], arguments: Mapping[str, Any], used: Collection[int]
) -> int:
    wanted = fingerprint(arguments)
    same = [i for i, call in enumerate(calls) if fingerprint(call.get("arguments")) == wanted]
    candidates = same or range(len(calls))
    return next((index for index in candidates if index not in used), candidates[-1])


def _told(answer: Mapping[str, Any], recorded: int | None = None) -> ToolAnswer:
    delay = answer.get("delay_ms", 0)
    if "error" in answer:
        return ToolAnswer(error=str(answer["error"]), delay_ms=delay, recorded=recorded)
    return ToolAnswer(output=answer.get("output"), delay_ms=delay, recorded=recorded)


def _unknown(tool: str) -> ToolAnswer:
    return ToolAnswer(error=f"The mock world has no tool {tool!r}.")
