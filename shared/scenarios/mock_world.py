"""The world of a session: what its tools answered, so that it can be replayed.

Each tool has ``{"output": …}`` or ``{"error": …}``, the last answer. A tool that answered
in more than one way has all its calls beside it, in order, each with its arguments:
``{"output": <last>, "calls": [{"arguments": …, "output": …}, …]}``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.core.json import dumps, fingerprint
from shared.sessions.transcript import ToolAnswered, ToolCalled, Transcript

#: Bytes of JSON in all: a draft can be stored as it is, and a stored item holds 400 KB.
MAX_BYTES = 256_000
#: Bytes of one answer: one huge answer does not cost all others their place.
MAX_ANSWER_BYTES = 96_000

NO_ANSWER = "No answer was recorded in the session."

type Answer = dict[str, Any]
#: A value, and the tool that it went into or came from.
type Replayed = Callable[[Any, str], Any]


@dataclass(frozen=True, slots=True)
class MockWorld:
    """The tools by name, and how many of the session's answers are not among them."""

    tools: dict[str, Answer]
    answers_left_out: int = 0


def mock_world_of(transcript: Transcript, replayed: Replayed = lambda value, _: value) -> MockWorld:
    """Return what the tools of a session answered, within the limits above.

    ``replayed`` is what a value of a tool is put through: synthetic data for personal data.
    """
    calls: dict[str, list[tuple[Any, Answer]]] = {}
    for called, answered in transcript.calls():
        calls.setdefault(called.tool, []).append((called.arguments, _answer(answered)))
    builder = _Builder(replayed)
    tools = {tool: builder.last(tool, made[-1][1]) for tool, made in calls.items()}
    several = {tool for tool, made in calls.items() if _differ(made)}
    for called, answered in transcript.calls():
        if called.tool in several:
            builder.call(tools[called.tool], called, _answer(answered))
    return MockWorld(tools, builder.left_out)


class _Builder:
    """Adds answers while there is room, and counts those that found none."""

    def __init__(self, replayed: Replayed) -> None:
        self._replayed = replayed
        self._room = MAX_BYTES
        self.left_out = 0

    def last(self, tool: str, answer: Answer) -> Answer:
        kept = self._taken(tool, answer)
        if kept is None:
            self.left_out += 1
            kept = {"error": "The recorded answer is too large to be kept in a draft."}
            self._room -= _size({tool: kept})
        return kept

    def call(self, entry: Answer, called: ToolCalled, answer: Answer) -> None:
        kept = self._taken(called.tool, {"arguments": called.arguments, **answer})
        if kept is None:
            self.left_out += 1
        else:
            entry.setdefault("calls", []).append(kept)

    def _taken(self, tool: str, answer: Answer) -> Answer | None:
        """Return an answer as it is kept, or None where there is no room for it.

        What is too large as it was is not put through: that would take longest of all.
        """
        room = min(self._room, MAX_ANSWER_BYTES)
        if _size(answer) > room:
            return None
        kept = {name: self._replayed(value, tool) for name, value in answer.items()}
        size = _size(kept)
        if size > room:
            return None
        self._room -= size
        return kept


def _size(value: Any) -> int:
    return len(dumps(value).encode())


def _answer(answered: ToolAnswered | None) -> Answer:
    if answered is None:
        return {"error": NO_ANSWER}
    if answered.error is not None:
        return {"error": answered.error}
    return {"output": answered.output}


def _differ(made: list[tuple[Any, Answer]]) -> bool:
    return len({fingerprint(answer) for _, answer in made}) > 1
