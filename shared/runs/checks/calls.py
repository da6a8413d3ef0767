"""Checks of tool calls: called, not called, order, end state."""

from collections.abc import Sequence

from shared.runs.checks.domain import EndState, ExpectedCall, ToolCalled, ToolNotCalled, ToolOrder
from shared.runs.checks.effects import changing_tools, has_failed, is_unrecorded
from shared.runs.checks.matching import describe_difference, matches, nearest, short
from shared.runs.checks.verdicts import Verdict, failed, passed, undecided
from shared.simulation.conversation import Called, Conversation


def check_called(check: ToolCalled, conversation: Conversation) -> Verdict:
    """Check the number of matching calls, whatever their answers."""
    calls = calls_of(conversation)
    found = [call for call in calls if matches(check.call, call)]
    if len(found) < check.min:
        return failed(
            _missing(check.call, calls, len(found)), _place(check.call, calls, conversation)
        )
    if check.max is not None and len(found) > check.max:
        extra = found[check.max]
        return failed(f"{_name(check.call)} was called {_times(len(found))}.", extra.sequence)
    first = found[0].sequence if found else None
    return passed(f"{_name(check.call)} was called {_times(len(found))}.", first)


def check_not_called(check: ToolNotCalled, conversation: Conversation) -> Verdict:
    """Check that no call matches, whatever its answer."""
    for call in calls_of(conversation):
        if matches(check.call, call):
            return failed(f"{_name(check.call)} was called.", call.sequence)
    return passed(f"{_name(check.call)} was not called.")


def check_order(check: ToolOrder, conversation: Conversation) -> Verdict:
    """Check that matching calls follow one another."""
    calls = calls_of(conversation)
    start, last = 0, None
    for number, expected in enumerate(check.calls, 1):
        found = next((n for n in range(start, len(calls)) if matches(expected, calls[n])), None)
        if found is None:
            earlier = next((one for one in calls if matches(expected, one)), None)
            if earlier is not None:
                return failed(f"{_name(expected)} was called before call {number - 1}.",
                              earlier.sequence)  # fmt: skip
            return failed(_missing(expected, calls, 0), _place(expected, calls, conversation))
        start, last = found + 1, calls[found].sequence
    return passed("The calls were made in this order.", last)


def check_end_state(check: EndState, conversation: Conversation) -> Verdict:
    """Check that the changes are the expected ones, and that there are no others.

    A change that the recorded world has no answer to is undecided: its effect is not known.
    """
    calls = calls_of(conversation)
    names = {expected.tool for expected in check.calls}
    changing = names | (changing_tools(calls) if check.tools is None else set(check.tools))
    changes = [call for call in calls if call.tool in changing]
    effective = [call for call in changes if not has_failed(call)]
    taken = _assign(check.calls, effective)
    for number, expected in enumerate(check.calls):
        if number not in taken:
            return failed(_missing(expected, changes, 0), _place(expected, changes, conversation))
    assigned = set(taken.values())
    for number, call in enumerate(effective):
        if number not in assigned:
            return failed(f"{call.tool} {short(call.arguments)} changed something that"
                          " was not expected.", call.sequence)  # fmt: skip
    unknown = next(filter(is_unrecorded, changes), None)
    if unknown is not None:
        return undecided(f"{unknown.tool} {short(unknown.arguments)} is not in the recorded world,"
                         " so that its effect is not known.", unknown.sequence)  # fmt: skip
    last = effective[-1].sequence if effective else None
    return passed(f"{_count(len(effective), 'change')}, as expected.", last)


def calls_of(conversation: Conversation) -> list[Called]:
    """Return the tool calls of a conversation."""
    return [entry for entry in conversation.entries if isinstance(entry, Called)]


def _assign(expected: Sequence[ExpectedCall], calls: Sequence[Called]) -> dict[int, int]:
    """Return the call of each expected one, as many as possible, each call for one only."""
    fits = [[n for n, call in enumerate(calls) if matches(one, call)] for one in expected]
    owner: dict[int, int] = {}
    for number in range(len(expected)):
        _augment(number, fits, owner, set())
    return {number: call for call, number in owner.items()}


def _augment(number: int, fits: list[list[int]], owner: dict[int, int], seen: set[int]) -> bool:
    """Find a call for an expected one; others move to another call if they can."""
    for call in fits[number]:
        if call not in seen:
            seen.add(call)
            if call not in owner or _augment(owner[call], fits, owner, seen):
                owner[call] = number
                return True
    return False


def _missing(expected: ExpectedCall, calls: Sequence[Called], found: int) -> str:
    if found:
        return f"{_name(expected)} was called {_times(found)} only."
    other = nearest(expected, calls)
    if other is None:
        return f"{_name(expected)} was not called."
    if matches(expected, other):
        return f"{_name(expected)} was called, but answered with an error."
    difference = describe_difference(expected, other)
    return f"{_name(expected)} was not called; in the nearest call, {difference}."


def _place(
    expected: ExpectedCall, calls: Sequence[Called], conversation: Conversation
) -> int | None:
    """Return the event to look at for a missing call: the nearest call, or the last one of all."""
    other = nearest(expected, calls)
    if other is not None:
        return other.sequence
    return conversation.entries[-1].sequence if conversation.entries else None


def _name(expected: ExpectedCall) -> str:
    shown = "" if expected.arguments is None else f" {short(expected.arguments)}"
    return f"{expected.tool}{shown}"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number or 'no'} {noun}s"
