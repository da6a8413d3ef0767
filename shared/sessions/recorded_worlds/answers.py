"""Answers of a recorded world: which recorded call answers a call, and by which rule."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Any, Literal

from shared.core.json import as_text, dumps, fingerprint
from shared.sessions.recorded_worlds.arguments import equal, present

type Entry = Mapping[str, Any]

#: Rule for a call that matches no recorded one: an error, the answer to the recorded call
#: with the nearest arguments, or the last recorded answer of the tool.
type OnUnmatched = Literal["error", "nearest", "last"]
#: Rule that chose an answer: equal arguments; equal in meaning; the recorded order of calls
#: with equal arguments; one of ``OnUnmatched``; an answer to any arguments; no answer.
type Matched = Literal["exact", "normalized", "order", "nearest", "last", "any", "none"]

#: Rules that do not repeat a recorded call, so that it still counts as unused.
SUBSTITUTES = frozenset({"nearest", "last"})
#: Beginning of the error of a call that nothing recorded answers.
NO_RECORDED_ANSWER = "no_recorded_answer"
#: Characters of arguments in that error, and of a value that is compared for it.
_MAX_SHOWN = 500
_MAX_COMPARED = 200
#: Ways of writing the same arguments in one recording; more are not compared with each other.
_MAX_WAYS = 20


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """Answer of a recorded world.

    ``answer`` has an ``output`` or an ``error``; ``index`` is that of the recorded call, None
    without one.
    """

    answer: Entry
    matched: Matched
    index: int | None = None


def find_answer(
    world: Mapping[str, Entry],
    tool: str,
    arguments: Mapping[str, Any],
    used: Collection[int] = (),
    on_unmatched: OnUnmatched = "error",
) -> RecordedAnswer:
    """Return the answer to a call; ``used`` are the indexes of the calls already repeated.

    A tool without ``calls`` answers any arguments, and so does a recorded call without
    ``arguments``: their author gave none. A tool whose ``calls`` are empty answers nothing.
    """
    entry = world.get(tool)
    if entry is None:
        return RecordedAnswer({"error": f"The mock world has no tool {tool!r}."}, "none")
    calls: Sequence[Entry] | None = entry.get("calls")
    if calls is None:
        return RecordedAnswer(entry, "any")
    choice = _choose(calls, arguments, used)
    if choice.index is None and on_unmatched == "nearest":
        choice = replace(choice, index=_nearest(calls, arguments), matched="nearest")
    if choice.index is None and on_unmatched == "last":
        if not calls:
            return RecordedAnswer(entry, "last")
        choice = replace(choice, index=len(calls) - 1, matched="last")
    if choice.index is None:
        return RecordedAnswer({"error": _describe(tool, calls, arguments, choice)}, "none")
    return RecordedAnswer(answer_at(entry, choice.index), choice.matched, choice.index)


def answer_at(entry: Entry, index: int | None) -> Entry:
    """Return the answer of a tool's recorded call; without an index, that of the tool."""
    if index is None:
        return entry
    call: Entry = entry["calls"][index]
    # A call without an answer has that of its tool.
    return call if "output" in call or "error" in call else entry


@dataclass(frozen=True, slots=True)
class _Choice:
    """Recorded call that was chosen; ``rivals`` are those that match equally."""

    index: int | None
    matched: Matched = "none"
    rivals: Sequence[int] = ()


def _choose(calls: Sequence[Entry], arguments: Entry, used: Collection[int]) -> _Choice:
    compared = [index for index, call in enumerate(calls) if "arguments" in call]
    same = [index for index in compared if _is_same(calls[index]["arguments"], arguments)]
    if same:
        return _in_order(calls, same, used, "exact")
    similar = _find_similar(calls, compared, arguments)
    if similar and not _are_one(calls, similar):
        return _Choice(None, rivals=similar)
    if similar:
        return _in_order(calls, similar, used, "normalized")
    any_arguments = [index for index, call in enumerate(calls) if "arguments" not in call]
    if any_arguments:
        return _Choice(_first_unused(any_arguments, used), "any")
    return _Choice(None)


def _is_same(recorded: Any, arguments: Entry) -> bool:
    if recorded is None or recorded == "":  # a call without arguments
        recorded = {}
    # The comparison is fast; the digest also tells 1 from true and from 1.0.
    return bool(recorded == arguments) and fingerprint(recorded) == fingerprint(arguments)


def _find_similar(calls: Sequence[Entry], compared: Sequence[int], arguments: Entry) -> list[int]:
    """Return the recorded calls whose arguments have the same meaning, the closest ones.

    Arguments that no recorded call of the tool has are additional and not compared. Where
    nothing else is left to compare, only switches are additional: ``{"verbose": true}``.
    """
    given = present(arguments)
    recorded = {
        index: present(calls[index]["arguments"])
        for index in compared
        if isinstance(calls[index]["arguments"], Mapping)
    }
    known = {name for own in recorded.values() for name in own}
    shared = {name: value for name, value in given.items() if name in known}
    if not shared and not all(isinstance(value, bool) for value in given.values()):
        return []
    for loose in (False, True):
        found = [i for i, own in recorded.items() if equal(own, shared, loose=loose)]
        if found:
            return found
    return []


def _are_one(calls: Sequence[Entry], similar: Sequence[int]) -> bool:
    """Check that it does not matter which call is meant: one answer, or one meaning."""
    if len({_answer_digest(calls[index]) for index in similar}) == 1:
        return True
    written = {dumps(calls[index]["arguments"]): calls[index]["arguments"] for index in similar}
    return len(written) <= _MAX_WAYS and all(
        equal(one, other, loose=False) for one, other in combinations(written.values(), 2)
    )


def _in_order(
    calls: Sequence[Entry], equals: Sequence[int], used: Collection[int], matched: Matched
) -> _Choice:
    """Choose the first unused of equal calls; the last one repeats."""
    differ = len({_answer_digest(calls[index]) for index in equals}) > 1
    return _Choice(_first_unused(equals, used), "order" if differ else matched)


def _first_unused(indexes: Sequence[int], used: Collection[int]) -> int:
    return next((index for index in indexes if index not in used), indexes[-1])


def _answer_digest(call: Entry) -> str:
    return fingerprint([call.get("output"), call.get("error"), "output" in call])


def _nearest(
    calls: Sequence[Entry], arguments: Entry, among: Sequence[int] | None = None
) -> int | None:
    """Return the first recorded call with the most similar arguments."""
    indexes = range(len(calls)) if among is None else among
    compared = [index for index in indexes if "arguments" in calls[index]]
    given = present(arguments)
    return max(compared, key=lambda i: _similarity(calls[i]["arguments"], given), default=None)


def _similarity(recorded: Any, given: Entry) -> float:
    if not isinstance(recorded, Mapping):
        return 0.0
    own = present(recorded)
    names = own.keys() | given.keys()
    return sum(_likeness(own[n], given[n]) for n in own.keys() & given.keys()) / max(len(names), 1)


def _likeness(one: Any, other: Any) -> float:
    if equal(one, other, loose=True):
        return 1.0
    a, b = (_pairs(as_text(value)[:_MAX_COMPARED].casefold()) for value in (one, other))
    return 0.2 + 0.6 * len(a & b) / max(len(a | b), 1)


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighboring characters, its ends included."""
    text = f" {text} "
    return frozenset(map("".join, pairwise(text)))


def _describe(tool: str, calls: Sequence[Entry], arguments: Entry, choice: _Choice) -> str:
    reason = (
        "these arguments match several recorded calls with different answers"
        if choice.rivals
        else "no call with these arguments was recorded"
    )
    index = _nearest(calls, arguments, choice.rivals or None)
    nearest = "there are no recorded arguments"
    if index is not None:
        shown = dumps(calls[index]["arguments"])
        shown = shown if len(shown) <= _MAX_SHOWN else shown[:_MAX_SHOWN] + "\u2026"
        nearest = f"the nearest recorded arguments are {shown}"
    return f"{NO_RECORDED_ANSWER}: {tool}: {reason}; {nearest}."
