"""Matching of tool answers with their calls, in whatever order the source has them."""

from bisect import bisect, bisect_left
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from datetime import datetime

from shared.sessions.forms.fields import parsed_arguments
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
            yield ToolCalled(count, step.tool, parsed_arguments(step.arguments)), at
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
        # Calls that are pending still are behind each answer that found none ahead of it.
        identifier = _answer(steps, position).identifier
        if identifier and pending[identifier]:
            found[position] = pending[identifier].popleft()
        else:
            rest.append(position)
    _match_rest(steps, rest, sorted(one for calls in pending.values() for one in calls), found)
    return found


class _Free:
    """Positions of calls without an answer, in order; found and taken in logarithmic time."""

    def __init__(self, positions: list[int]) -> None:
        self._positions = positions
        #: Where to look for the next free one: itself, unless it is taken.
        self._next = list(range(len(positions) + 1))

    def first(self, start: int, end: int) -> int | None:
        """Return the first free position from ``start`` on and before ``end``."""
        at = bisect_left(self._positions, start)
        while self._next[at] != at:  # each look halves the way of the next one
            self._next[at] = self._next[self._next[at]]
            at = self._next[at]
        found = self._positions[at] if at < len(self._positions) else end
        return found if found < end else None

    def take(self, position: int) -> None:
        at = bisect_left(self._positions, position)
        self._next[at] = at + 1


def _match_rest(
    steps: Sequence[Step], answers: Sequence[int], free: list[int], found: dict[int, int]
) -> None:
    """Match answers with calls of their tool, or any call if they name no tool.

    A call of the answer's turn goes first, then an earlier one, then a later one. An answer
    with an identifier goes with a call without one only.
    """
    groups: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for position in free:
        for group in _groups(_call(steps, position)):
            groups[group].append(position)
    calls = {group: _Free(positions) for group, positions in groups.items()}
    asked = [n for n, step in enumerate(steps) if isinstance(step, UserSaid)]
    for position in answers:
        answer = _answer(steps, position)
        own = calls.get((answer.tool, bool(answer.identifier)))
        if own is None:
            continue
        turn = asked[bisect(asked, position) - 1] if asked and asked[0] < position else 0
        last = len(steps) if answer.tool else position
        ranges = ((turn, position), (0, turn), (position, last))
        matches = (own.first(start, end) for start, end in ranges)
        match = next((one for one in matches if one is not None), None)
        if match is not None:
            found[position] = match
            for group in _groups(_call(steps, match)):
                calls[group].take(match)


def _groups(call: Called) -> list[tuple[str, bool]]:
    """Return the groups of a call: of any tool and its own, those without identifiers apart."""
    kinds = (False,) if call.identifier else (False, True)
    return [(tool, bare) for tool in ("", call.tool) for bare in kinds]


def _call(steps: Sequence[Step], position: int) -> Called:
    step = steps[position]
    assert isinstance(step, Called)  # noqa: S101  # as recorded by _match
    return step


def _answer(steps: Sequence[Step], position: int) -> Answered:
    step = steps[position]
    assert isinstance(step, Answered)  # noqa: S101  # as recorded by _match
    return step
