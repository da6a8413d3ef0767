"""Checks of messages: words, patterns, JSON schemas."""

import time
from typing import Any

import pytest

from shared.runs.checks.words import MAX_SEARCHED
from tests.support.checked import agent, call, conversation, outcome, result, user

HELD = conversation(
    user("Where is order 4711?"),
    agent("It costs **$1,234.00** and arrives on 5/15; the ‘box’ is\nred."),
    agent('```json\n{"total": 327}\n```'),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1234", True),
        ("1,234", True),
        ("234", False),
        ("1234.5", False),
        ("the 'BOX' is red", True),
        ("327", True),
        ("32", False),
        ("4711", False),
        ("blue", False),
    ],
)
def test_says_finds_text_and_says_not_is_its_opposite(text: str, found: bool) -> None:
    assert outcome({"type": "says", "text": text}, HELD) == ("passed" if found else "failed")
    assert outcome({"type": "says_not", "text": text}, HELD) == ("failed" if found else "passed")


@pytest.mark.parametrize(
    ("said", "text", "found"),
    [
        ("It is 0.50.", "0.5", True),
        ("It is 10.50.", "10", False),
        ("Version 2.10", "10", False),
        ("Item 10, then", "10", True),
        ("naïve Straße", "NAÏVE STRASSE", True),
    ],
)
def test_numbers_and_letters_are_compared_by_meaning(said: str, text: str, found: bool) -> None:
    expected = "passed" if found else "failed"
    assert outcome({"type": "says", "text": text}, conversation(agent(said))) == expected


def test_words_of_the_user_are_checked_by_the_user() -> None:
    found = result({"type": "says", "text": "4711", "by": "user"}, HELD)
    assert (found.outcome, found.sequence) == ("passed", 1)


def test_failed_words_lead_to_the_message() -> None:
    assert result({"type": "says_not", "text": "red"}, HELD).sequence == 2
    assert result({"type": "says", "text": "blue"}, HELD).sequence == 3


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"pattern": r"\d/\d\d"}, "passed"),
        ({"pattern": r"(?i)IT COSTS"}, "passed"),
        ({"pattern": r"IT COSTS"}, "failed"),
        ({"pattern": r"\d/\d\d", "absent": True}, "failed"),
        ({"pattern": r"^Where", "by": "user"}, "passed"),
    ],
)
def test_pattern(fields: dict[str, Any], expected: str) -> None:
    assert outcome({"type": "pattern", **fields}, HELD) == expected


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*a){20}$", "^(a?){50}a{50}$"])
def test_patterns_that_would_backtrack_take_linear_time(pattern: str) -> None:
    held = conversation(agent("a" * 50_000 + "!"))
    started = time.perf_counter()
    result({"type": "pattern", "pattern": pattern}, held)
    assert time.perf_counter() - started < 2


def test_messages_that_are_too_long_to_search_are_undecided() -> None:
    held = conversation(agent("a" * MAX_SEARCHED), agent("b"))
    assert outcome({"type": "pattern", "pattern": "a"}, held) == "passed"
    assert outcome({"type": "pattern", "pattern": "b"}, held) == "undecided"


NUMBER = {"type": "object", "properties": {"total": {"type": "integer"}}, "required": ["total"]}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ('{"total": 327}', "passed"),
        ('```json\n{"total": 327}\n```', "passed"),
        ('{"total": "327"}', "failed"),
        ("327 dollars", "failed"),
        ("[" * 200 + "]" * 200, "failed"),
    ],
)
def test_last_message_fits_the_schema(said: str, expected: str) -> None:
    held = conversation(agent("{}"), agent(said))
    found = result({"type": "json_schema", "schema": NUMBER}, held)
    assert (found.outcome.value, found.sequence) == (expected, 2)


def test_reason_names_the_place_that_does_not_fit() -> None:
    held = conversation(call("pay", total="x"))
    found = result({"type": "json_schema", "schema": NUMBER, "tool": "pay"}, held)
    assert found.reason == 'The arguments of pay do not fit: total: "x" violates type.'


def test_schema_for_a_tool_needs_a_call() -> None:
    check = {"type": "json_schema", "schema": NUMBER, "tool": "pay"}
    assert outcome(check, HELD) == "failed"
    assert outcome(check, conversation(call("pay", total=1))) == "passed"
    assert outcome({"type": "json_schema", "schema": NUMBER}, conversation()) == "failed"
