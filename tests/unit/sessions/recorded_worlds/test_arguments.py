"""Arguments of tool calls: equal in meaning, however they are written."""

import time
from typing import Any

import pytest

from shared.sessions.recorded_worlds.arguments import equal

#: Equal apart from case, space, number or string, truth value, date form, order of keys.
CLOSE: list[tuple[Any, Any]] = [
    ("B2", "b2"),
    (" New  York ", "new york"),
    ("Straße", "STRASSE"),
    ("3", 3),
    (3.0, 3),
    ("3.50", 3.5),
    ("1,000", 1000),
    (-5, "-5"),
    (True, "true"),
    (False, "No"),
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    ({"a": 1, "b": None}, {"a": 1}),
    ([1, "x"], ["1", "X"]),
    ("2026-05-02", "2 May 2026"),
    ("2026-05-02", "May 2nd, 2026"),
    ("2026-05-02", "Saturday, 2 May 2026"),
    ("2026-12-02", "2 December 2026"),
    ("2026-05-02", "02/May/2026"),
    ("2026-05-02", "2026-May-02"),
    ("2026-05-02", "2 мая 2026"),
    ("2026-05-02", "2 मई 2026"),
    ("2026-05-02", "02.05.2026"),
    ("2026-05-02", "05/02/2026"),
    ("2026-05-02", "02/05/2026"),
    ("2026-05-02", "2026/5/2"),
    ("2026-05-02", "20260502"),
    ("2026-05-02", "2. Mai 2026"),
    ("2026-05-02", "2 de mayo de 2026"),
    ("2026-05-02", "2026年5月2日"),
    ("2026-05-02", "2026-05-02T00:00:00Z"),
    ("2026-05-02T10:30:00", "2 May 2026 10:30 am"),
    ("2026-05-02 22:30", "May 2, 2026 at 10:30 PM"),
    ("10:30", "10:30 AM"),
    ("11 am", "11:00"),
    ("March 8th", "8 March"),
]
#: Equal also apart from punctuation.
LOOSE: list[tuple[Any, Any]] = [
    ("ORD-4711", "ord 4711"),
    ("ORD-4711", "#ORD4711"),
    ("mia_li_3668", "mia-li-3668"),
    ("O'Brien", "OBrien"),
    ("New York, NY.", "new york ny"),
    ("555-123-4567", "(555) 123-4567"),
    ("555.123.4567", 5551234567),
    ("+1 (555) 123-4567", "+15551234567"),
    ("GB29 NWBK 6016 1331 9268 19", "GB29NWBK60161331926819"),
    ("4111 1111 1111 1111", "4111111111111111"),
    ("'3'", 3),
    ("2 May 2026.", "2026-05-02"),
    ("12:30 Uhr!", "12:30 uhr"),
]
DIFFERENT: list[tuple[Any, Any]] = [
    ("5", ".5"),
    ("kg 5", "kg .5"),
    ("12345", "1.2345"),
    ("env", ".env"),
    ("true", "!true"),
    ("ab", "a/b"),
    ("A1", "A2"),
    (1, True),
    ("5", "-5"),
    ("1.5", "15"),
    ("1-5", "15"),
    ("3 4", "34"),
    ("007", 7),
    ("10.0.0.1", "100.0.1"),
    ("v1.2", "v12"),
    ("temperature -5", "temperature 5"),
    ("(3 + 4) * 2", "3 + 4 * 2"),
    ("(100 - 50) - 20", "100 - (50 - 20)"),
    ("total / (count - 1)", "(total / count) - 1"),
    ("john.doe@example.com", "johndoe@example.com"),
    ("https://a.example/b-c", "https://a.example/bc"),
    ("C#", "C"),
    ("AB 12 34", "AB1234"),
    ("a + (b * c)", "(a + b) * c"),
    ("2026-05-02", "2026-05-12"),
    ("2026-05-02", "2 May"),
    ("02.05.2026", "05.02.2026"),
    ("05/13/2026", "2026-05-03"),
    ("10:30 am", "10:30 pm"),
    ("2026-05-02T10:30:00Z", "2026-05-02"),
    ({"a": 1}, {"a": 1, "b": 2}),
    (["a", "b"], ["b", "a"]),
    (["a"], "a"),
    ("?", "!"),
    ("", " x"),
]


@pytest.mark.parametrize(("one", "other"), CLOSE)
def test_notations_of_a_value_are_close(one: Any, other: Any) -> None:
    assert equal(one, other, loose=False)
    assert equal({"v": other}, {"v": one}, loose=True)


@pytest.mark.parametrize(("one", "other"), LOOSE)
def test_punctuation_is_ignored_only_loosely(one: Any, other: Any) -> None:
    assert equal(one, other, loose=True)
    assert equal(other, one, loose=True)
    if (one, other) != LOOSE[-1]:
        assert not equal(one, other, loose=False)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_values_are_not_equal(one: Any, other: Any) -> None:
    assert not equal(one, other, loose=True)
    assert not equal(other, one, loose=True)


@pytest.mark.parametrize(
    "text",
    ["1" * 90_000 + "/", "- " * 40_000 + "a", "/" * 80_000, "1," * 40_000 + "a", "#" * 80_000],
)
def test_long_arguments_are_compared_in_little_time(text: str) -> None:
    start = time.process_time()

    assert equal(text, f" {text}", loose=True)
    assert time.process_time() - start < 2
