"""Mock world: the recorded tool answers of a session, for its replay.

Each tool has ``{"output": …}`` or ``{"error": …}``, the last answer. A tool with different
answers also has all its calls in order, each with its arguments:
``{"output": <last>, "calls": [{"arguments": …, "output": …}, …]}``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.core.json import dumps, fingerprint
from shared.sessions.transcript import ToolAnswered, ToolCalled, Transcript

#: Bytes of JSON: a draft can be stored unchanged, and a stored item holds 400 KB.
MAX_BYTES = 256_000
#: Bytes of one answer, so that a huge one leaves room for others.
MAX_ANSWER_BYTES = 96_000

NO_ANSWER = "No answer was recorded in the session."

type Answer = dict[str, Any]
#: Replaces personal data in a value of a tool, given the tool's name.
type Pseudonymize = Callable[[Any, str], Any]


@dataclass(frozen=True, slots=True)
class MockWorld:
    """Answers by tool, and the number of the session's answers that did not fit."""

    tools: dict[str, Answer]
    answers_left_out: int = 0


def build_mock_world(
    transcript: Transcript, pseudonymize: Pseudonymize = lambda value, _: value
) -> MockWorld:
    """Return the mock world of a session, within the limits above."""
    calls = [(called, _to_answer(answered)) for called, answered in transcript.calls()]
    by_tool: dict[str, list[Answer]] = {}
    for called, answer in calls:
        by_tool.setdefault(called.tool, []).append(answer)
    builder = _Builder(pseudonymize)
    tools = {tool: builder.add_last(tool, answers[-1]) for tool, answers in by_tool.items()}
    varying = {tool for tool, answers in by_tool.items() if len(set(map(fingerprint, answers))) > 1}
    for called, answer in calls:
        if called.tool in varying:
            builder.add_call(tools[called.tool], called, answer)
    return MockWorld(tools, builder.left_out)


class _Builder:
    """Adds answers while they fit, and counts those that do not."""

    def __init__(self, pseudonymize: Pseudonymize) -> None:
        self._pseudonymize = pseudonymize
        self._room = MAX_BYTES
        self.left_out = 0

    def add_last(self, tool: str, answer: Answer) -> Answer:
        added = self._fit(tool, answer)
        if added is None:
            self.left_out += 1
            added = {"error": "The recorded answer is too large to be kept in a draft."}
            self._room -= _size({tool: added})
        return added

    def add_call(self, entry: Answer, called: ToolCalled, answer: Answer) -> None:
        added = self._fit(called.tool, {"arguments": called.arguments, **answer})
        if added is None:
            self.left_out += 1
        else:
            entry.setdefault("calls", []).append(added)

    def _fit(self, tool: str, answer: Answer) -> Answer | None:
        """Return the pseudonymized answer, or None if it does not fit.

        An answer that is too large already is not pseudonymized: that would take longest.
        """
        room = min(self._room, MAX_ANSWER_BYTES)
        if _size(answer) > room:
            return None
        answer = {name: self._pseudonymize(value, tool) for name, value in answer.items()}
        size = _size(answer)
        if size > room:
            return None
        self._room -= size
        return answer


def _size(value: Any) -> int:
    return len(dumps(value).encode())


def _to_answer(answered: ToolAnswered | None) -> Answer:
    if answered is None:
        return {"error": NO_ANSWER}
    if answered.error is not None:
        return {"error": answered.error}
    return {"output": answered.output}
