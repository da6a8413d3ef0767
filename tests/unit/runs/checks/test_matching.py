"""Comparison of arguments by meaning."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.runs.checks.matching import contains

SCALARS = st.none() | st.booleans() | st.integers(-99, 99) | st.text("abcß 0-", max_size=6)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("xyz"), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text("abcd", min_size=1), VALUES, max_size=4)


@pytest.mark.parametrize(
    ("given", "expected", "equal"),
    [
        ({"a": "X y"}, {"a": "x  Y"}, True),
        ({"a": 1}, {"a": "1.0"}, True),
        ({"a": "2024-05-01"}, {"a": "May 1, 2024"}, True),
        ({"a": 1, "b": 2}, {"a": 1}, True),
        ({"a": 1}, {"a": 1, "b": None}, True),
        ({"a": 1, "b": 2}, {"a": 1, "b": None}, False),
        ({}, {"a": 1}, False),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1}}, True),
        ({"a": [{"b": 1, "c": 2}]}, {"a": [{"b": 1}]}, True),
        ({"a": [1, 2]}, {"a": [2, 1]}, True),
        ({"a": [1, 1]}, {"a": [1, 2]}, False),
        ({"a": [1, 2, 2]}, {"a": [1, 2]}, False),
        ({"a": [[1], [2]]}, {"a": [[2], [1]]}, False),
        ({"old": [2, 1], "new": [4, 3]}, {"old": [1, 2], "new": [3, 4]}, True),
        ({"old": [2, 1], "new": [3, 4]}, {"old": [1, 2], "new": [3, 4]}, False),
        ({"a": "1"}, {"a": {"b": 1}}, False),
        ({"a": '["x", "y"]'}, {"a": ["y", "x"]}, True),
        ({"a": "['x', 'y']"}, {"a": ["x", "z"]}, False),
        ({"a": "{'b': None, 'c': True}"}, {"a": {"c": True}}, True),
        ("{'a': \"['x']\"}", {"a": ["x"]}, True),
        ({"a": "[x"}, {"a": ["x"]}, False),
        ({"a": "{1, 2}"}, {"a": [1, 2]}, False),
        ({"a": "[__import__('os')]"}, {"a": []}, False),
        ({"a": "[" * 9_000 + "]" * 7_000}, {"a": []}, False),
        ({"a": "[" * 8_000 + "]" * 8_000}, {"a": []}, False),
        ({"a": "[1]"}, {"a": "[1]"}, True),
        ("text", {}, False),
    ],
)
def test_contains(given: Any, expected: Any, equal: bool) -> None:
    assert contains(given, expected) is equal


@given(OBJECTS, OBJECTS)
def test_arguments_contain_themselves_and_stay_so_with_more(
    arguments: dict[str, Any], more: dict[str, Any]
) -> None:
    assert contains(arguments, arguments)
    names = {name: value for name, value in arguments.items() if value is not None}
    assert contains(more | names, names)


@given(OBJECTS, VALUES)
def test_another_value_is_not_contained(arguments: dict[str, Any], value: Any) -> None:
    changed = arguments | {"e": value}
    assert contains(arguments, changed) is (value is None)
