"""Mock world: the recorded tool answers of a session, for its replay.

Each tool has ``{"output": …}`` or ``{"error": …}``, the last answer, and all its calls in order,
each with its arguments: ``{"output": <last>, "calls": [{"arguments": …, "output": …}, …]}``.

Where the space is short, a call has no answer of its own if that of its tool is the same, and
a call that repeats the answer to the same arguments is left out; the replay is equal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from shared.core.json import dumps, fingerprint
from shared.scenarios.redaction.redactor import Unread
from shared.sessions.transcript import ToolAnswered, ToolCalled, Transcript

#: Bytes of JSON: a draft can be stored unchanged, and a stored item holds 400 KB.
MAX_BYTES = 256_000
#: Bytes of one answer, so that a huge one leaves room for others.
MAX_ANSWER_BYTES = 96_000

NO_ANSWER = "No answer was recorded in the session."
NOT_KEPT = "The recorded answer could not be kept in a draft."

type Answer = dict[str, Any]
#: Replaces personal data in a value of a tool, given the tool's name. Raises ``Unread``.
type Pseudonymize = Callable[[Any, str], Any]


@dataclass(frozen=True, slots=True)
class MockWorld:
    """Answers by tool, and the number of the session's answers that were not kept."""

    tools: dict[str, Answer]
    answers_left_out: int = 0


def build_mock_world(
    transcript: Transcript, pseudonymize: Pseudonymize = lambda value, _: value
) -> MockWorld:
    """Return the mock world of a session, within the limits above."""
    calls = [_Call.of(called, answered) for called, answered in transcript.calls()]
    builder = _Builder(pseudonymize)
    last = {call.tool: call for call in calls}
    last = {tool: call for tool, call in last.items() if builder.take({tool: _to_entry(None)})}
    answers = {tool: builder.fit(tool, call.answer) for tool, call in last.items()}
    repeated = _find_repeated(calls)
    kept: dict[int, Answer] = {}
    # Repetitions come last: a replay does not need them.
    for number in sorted(range(len(calls)), key=lambda number: (number in repeated, number)):
        call = calls[number]
        if call.tool not in last:
            continue
        like_last = answers[call.tool] is not None and call.digest == last[call.tool].digest
        own = {} if like_last else call.answer
        added = builder.fit(call.tool, {"arguments": call.arguments, **own})
        if added is not None:
            kept[number] = added
    tools = {tool: _to_entry(answer) for tool, answer in answers.items()}
    for number, entry in sorted(kept.items()):
        tool = calls[number].tool
        answer = answers[tool]
        if answer and not _has_answer(entry) and builder.take(answer):
            entry.update(answer)
        tools[tool].setdefault("calls", []).append(entry)
    left_out = sum(number not in kept and number not in repeated for number in range(len(calls)))
    return MockWorld(tools, left_out)


@dataclass(frozen=True, slots=True)
class _Call:
    """Recorded call; equal answers have equal digests."""

    tool: str
    arguments: Any
    answer: Answer
    digest: str

    @classmethod
    def of(cls, called: ToolCalled, answered: ToolAnswered | None) -> "_Call":
        answer = _to_answer(answered)
        return cls(called.tool, called.arguments, answer, fingerprint(answer))


class _Builder:
    """Pseudonymizes answers and calls while they fit."""

    def __init__(self, pseudonymize: Pseudonymize) -> None:
        self._pseudonymize = pseudonymize
        self._room = MAX_BYTES

    def fit(self, tool: str, fields: Answer) -> Answer | None:
        """Return the pseudonymized fields, or None if they do not fit or were not read.

        Fields that are too large already are not pseudonymized: that would take longest.
        """
        if _size(fields) > min(self._room, MAX_ANSWER_BYTES):
            return None
        try:
            fields = {
                # The text of this module is nobody's.
                name: value if value == NO_ANSWER else self._pseudonymize(value, tool)
                for name, value in fields.items()
            }
        except Unread:
            return None
        return fields if self.take(fields) else None

    def take(self, fields: Answer) -> bool:
        """Take the room for these fields; return False if there is not enough."""
        size = _size(fields)
        if size > min(self._room, MAX_ANSWER_BYTES):
            return False
        self._room -= size
        return True


def _find_repeated(calls: list[_Call]) -> set[int]:
    """Return the calls whose arguments were answered in the same way before and ever after.

    The last recorded answer to arguments repeats in a replay, so these change nothing.
    """
    groups: dict[tuple[str, str], list[int]] = {}
    for number, call in enumerate(calls):
        groups.setdefault((call.tool, fingerprint(call.arguments)), []).append(number)
    repeated: set[int] = set()
    for numbers in groups.values():
        for before, number in reversed(list(pairwise(numbers))):
            if calls[before].digest != calls[number].digest:
                break
            repeated.add(number)
    return repeated


def _to_entry(answer: Answer | None) -> Answer:
    # Without calls it would answer any arguments: an empty list answers none.
    return {"error": NOT_KEPT} if answer is None else {**answer, "calls": []}


def _has_answer(call: Answer) -> bool:
    return "output" in call or "error" in call


def _size(value: Any) -> int:
    return len(dumps(value).encode())


def _to_answer(answered: ToolAnswered | None) -> Answer:
    if answered is None:
        return {"error": NO_ANSWER}
    if answered.error is not None:
        return {"error": answered.error}
    return {"output": answered.output}
