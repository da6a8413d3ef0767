"""Matching of tool answers with their calls, in whatever order the source has them."""

from bisect import bisect
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from datetime import datetime

from shared.sessions.forms.steps import Answered, Called, Instructed, Step, Steps, Thought
from shared.sessions.transcript import Entry, ToolAnswered, ToolCalled, UserSaid

#: Tool of an answer that has neither a call nor a name.
UNKNOWN_TOOL = "unknown_tool"

type Timed = tuple[Entry | Thought, datetime | None]


def entries_of(conversation: Steps) -> Iterator[Timed]:
    """Yield the entries of a conversation, each answer behind its call.

    An answer ahead of its call follows the calls of that message. One without any call gets
    a call of its own, without arguments.
    """
    steps, times = conversation.steps, conversation.times
    call_of = _match(steps)
    early = {call: answer for answer, call in call_of.items() if answer < call}
    numbers: dict[int, int] = {}
    waiting: list[Timed] = []
    count = 0
    for position, (step, at) in enumerate(zip(steps, times, strict=True)):
        if not isinstance(step, Called):
            yield from waiting
            waiting = []
        if isinstance(step, Called):
            count += 1
            numbers[position] = count
            yield ToolCalled(count, step.tool, step.arguments), at
            if (answer := early.get(position)) is not None:
                waiting.append((_answered(steps[answer], count, step.tool), times[answer]))
        elif isinstance(step, Answered):
            call = call_of.get(position)
            if call is None:
                count += 1
                yield ToolCalled(count, step.tool or UNKNOWN_TOOL, {}), at
                yield _answered(step, count, step.tool or UNKNOWN_TOOL), at
            elif call < position:
                called = steps[call]
                assert isinstance(called, Called)  # noqa: S101  # by _match
                yield _answered(step, numbers[call], called.tool), at
        elif not isinstance(step, Instructed):
            yield step, at
    yield from waiting


def _answered(step: Step, number: int, tool: str) -> ToolAnswered:
    assert isinstance(step, Answered)  # noqa: S101  # by _match
    return ToolAnswered(number, tool, step.output, step.error)


def _match(steps: Sequence[Step]) -> dict[int, int]:
    """Return the position of each answer's call.

    By identifier: the first unanswered call before the answer, else the first one after it.
    Then, where answer or call lacks the identifier, by tool, else in order.
    """
    found: dict[int, int] = {}
    pending: dict[str, deque[int]] = defaultdict(deque)
    left: list[int] = []
    for position, step in enumerate(steps):
        if isinstance(step, Called):
            pending[step.identifier].append(position)
        elif isinstance(step, Answered):
            if step.identifier and pending[step.identifier]:
                found[position] = pending[step.identifier].popleft()
            else:
                left.append(position)
    rest = []
    for position in left:
        identifier = _answer(steps, position).identifier
        later = next((call for call in pending[identifier] if call > position), None)
        if identifier and later is not None:
            pending[identifier].remove(later)
            found[position] = later
        else:
            rest.append(position)
    _match_rest(steps, rest, sorted(one for calls in pending.values() for one in calls), found)
    return found


def _match_rest(
    steps: Sequence[Step], answers: Sequence[int], free: list[int], found: dict[int, int]
) -> None:
    """Match answers with calls of their tool, or any call if they name no tool.

    A call of the answer's turn goes first, then an earlier one, then a later one.
    """
    by_tool: dict[str, list[int]] = defaultdict(list)
    for call in free:
        by_tool[_call(steps, call).tool].append(call)
    asked = [n for n, step in enumerate(steps) if isinstance(step, UserSaid)]
    for position in answers:
        answer = _answer(steps, position)
        calls = by_tool[answer.tool] if answer.tool else free
        turn = asked[bisect(asked, position) - 1] if asked and asked[0] < position else 0
        start, end = bisect(calls, turn), bisect(calls, position)
        ranges = [(start, end), (0, start), (end, len(calls) if answer.tool else end)]
        candidates = (calls[n] for first, last in ranges for n in range(first, last))
        match = next((one for one in candidates if _may_match(answer, _call(steps, one))), None)
        if match is not None:
            found[position] = match
            for some in (free, by_tool[_call(steps, match).tool]):
                del some[bisect(some, match) - 1]


def _may_match(answer: Answered, call: Called) -> bool:
    return not (answer.identifier and call.identifier)


def _call(steps: Sequence[Step], position: int) -> Called:
    step = steps[position]
    assert isinstance(step, Called)  # noqa: S101  # as recorded by _match
    return step


def _answer(steps: Sequence[Step], position: int) -> Answered:
    step = steps[position]
    assert isinstance(step, Answered)  # noqa: S101  # as recorded by _match
    return step
