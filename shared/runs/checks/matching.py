"""Comparison of a tool call with an expected one."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.core.json import dumps, fingerprint
from shared.runs.checks.domain import ExpectedCall
from shared.sessions.recorded_worlds.arguments import equal
from shared.simulation.conversation import Called


def matches(expected: ExpectedCall, call: Called) -> bool:
    """Check that a call is the expected one."""
    if call.tool != expected.tool:
        return False
    if expected.arguments is None:
        return True
    given = call.arguments if isinstance(call.arguments, Mapping) else {}
    if expected.match == "exact":
        return fingerprint(expected.arguments) == fingerprint(given)
    return contains(given, expected.arguments)


def contains(given: Any, expected: Any) -> bool:
    """Check that a JSON value has everything that is expected, equal in meaning.

    Objects may have further fields, at any depth. Null is the same as absent. Lists have the
    same length and order; lists of plain values in one object may all be in the same other
    order.
    """
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
        {name: given[name] for name in wanted}, wanted, different
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


def _is_plain_list(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(one, list | Mapping) for one in value)


def describe_difference(expected: ExpectedCall, call: Called) -> str:
    """Return the first argument in which a call of the same tool differs, for people."""
    given = call.arguments if isinstance(call.arguments, Mapping) else {}
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
        given = call.arguments if isinstance(call.arguments, Mapping) else {}
        return sum(contains({n: given.get(n)}, {n: value}) for n, value in wanted.items())

    same = [call for call in calls if call.tool == expected.tool]
    return max(same, key=equal_arguments, default=None)


_MAX_SHOWN = 80


def short(value: Any) -> str:
    """Return a JSON value as text, shortened."""
    text = dumps(value)
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "…"
