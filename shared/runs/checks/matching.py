"""Comparison of a tool call with an expected one."""

from ast import literal_eval
from collections.abc import Mapping, Sequence
from typing import Any

from shared.core.json import dumps, fingerprint, loads_strict
from shared.runs.checks.domain import ExpectedCall
from shared.sessions.recorded_worlds.arguments import equal
from shared.simulation.conversation import Called

#: Characters of a text that is read as an object or a list, at most.
_MAX_READ = 16_000


def matches(expected: ExpectedCall, call: Called) -> bool:
    """Check that a call is the expected one."""
    if call.tool != expected.tool:
        return False
    if expected.arguments is None:
        return True
    if expected.match == "exact":
        return fingerprint(expected.arguments) == fingerprint(call.arguments or {})
    return contains(_arguments(call), expected.arguments)


def contains(given: Any, expected: Any) -> bool:
    """Check that a JSON value has everything that is expected, equal in meaning.

    Objects may have further fields, at any depth. Null is the same as absent. Lists have the
    same length and order; lists of plain values in one object may all be in the same other
    order. Objects and lists may be given as text, which models do: "[1, 2]", "{'a': None}".
    """
    if isinstance(expected, Mapping | list):
        given = _read(given)
    if isinstance(expected, Mapping):
        return isinstance(given, Mapping) and _contains_fields(given, expected)
    if isinstance(expected, list):
        return isinstance(given, list) and _contains_items(given, expected)
    return equal(given, expected, loose=False)


def _contains_fields(given: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    wanted = {name: value for name, value in expected.items() if value is not None}
    if any(given.get(name) is not None for name in expected.keys() - wanted.keys()):
        return False
    if any(given.get(name) is None for name in wanted):
        return False
    different = {name for name, value in wanted.items() if not contains(given[name], value)}
    return not different or _are_reordered(
        {name: _read(given[name]) for name in wanted}, wanted, different
    )


def _contains_items(given: Sequence[Any], expected: Sequence[Any]) -> bool:
    return len(given) == len(expected) and all(map(contains, given, expected))


def _are_reordered(
    given: Mapping[str, Any], expected: Mapping[str, Any], different: set[str]
) -> bool:
    """Check that the lists which differ are the expected ones in another order.

    Lists of equal length can belong together, as old and new items do: their entries stay
    side by side.
    """
    if not all(_is_plain_list(expected[one]) and _is_plain_list(given[one]) for one in different):
        return False
    for length in {len(expected[one]) for one in different}:
        names = [
            name
            for name, value in expected.items()
            if _is_plain_list(value) and len(value) == length and _is_plain_list(given[name])
        ]
        if any(len(given[name]) != length for name in names):
            return False
        left = [list(row) for row in zip(*(given[name] for name in names), strict=True)]
        for row in zip(*(expected[name] for name in names), strict=True):
            found = next((one for one in left if _contains_items(one, row)), None)
            if found is None:
                return False
            left.remove(found)
    return True


def _arguments(call: Called) -> Mapping[str, Any]:
    given = _read(call.arguments)
    return given if isinstance(given, Mapping) else {}


def _read(value: Any) -> Any:
    """Return the object or list that a text is, in JSON or Python's notation; else the value."""
    if not isinstance(value, str) or len(value) > _MAX_READ or value[:1] not in {"{", "["}:
        return value
    try:
        return loads_strict(value)
    except ValueError:
        pass
    try:
        # Refuses what JSON cannot hold, such as sets; a tuple becomes a list.
        return loads_strict(dumps(literal_eval(value)))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return value


def _is_plain_list(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(one, list | Mapping) for one in value)


def describe_difference(expected: ExpectedCall, call: Called) -> str:
    """Return the first argument in which a call of the same tool differs, for people."""
    given = _arguments(call)
    wanted = expected.arguments or {}
    for name, value in wanted.items():
        if not contains({name: given.get(name)}, {name: value}):
            return f"{name} was {short(given.get(name))} instead of {short(value)}"
    further = sorted(given.keys() - wanted.keys())
    return f"{further[0]} was given too" if further else "the notation differs"


def nearest(expected: ExpectedCall, calls: Sequence[Called]) -> Called | None:
    """Return the call of the same tool with the most expected arguments, the first of them."""
    wanted = expected.arguments or {}

    def equal_arguments(call: Called) -> int:
        given = _arguments(call)
        return sum(contains({n: given.get(n)}, {n: value}) for n, value in wanted.items())

    same = [call for call in calls if call.tool == expected.tool]
    return max(same, key=equal_arguments, default=None)


_MAX_SHOWN = 80


def short(value: Any) -> str:
    """Return a JSON value as text, shortened."""
    text = dumps(value)
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "…"
