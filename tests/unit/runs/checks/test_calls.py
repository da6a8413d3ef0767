"""Checks of tool calls: called, not called, order."""

from typing import Any

import pytest

from tests.support.checked import agent, call, conversation, outcome, result

CANCEL = {"tool": "cancel_order", "arguments": {"order_id": "W1"}}
HELD = conversation(
    call("find_order", order_id="W1"),
    call("cancel_order", order_id="W1", reason="late"),
    agent("Done."),
    call("find_order", order_id="w1 "),
)


@pytest.mark.parametrize(
    ("check", "expected", "sequence"),
    [
        ({"tool": "cancel_order"}, "passed", 2),
        (CANCEL, "passed", 2),
        ({**CANCEL, "match": "exact"}, "failed", 2),
        ({**CANCEL, "max": 0, "min": 0}, "failed", 2),
        ({"tool": "cancel_order", "arguments": {"order_id": "W2"}}, "failed", 2),
        ({"tool": "refund"}, "failed", 4),
        ({"tool": "refund", "min": 0}, "passed", None),
        ({"tool": "find_order", "arguments": {"order_id": "W1"}, "min": 2}, "passed", 1),
        ({"tool": "find_order", "min": 3}, "failed", 1),
        ({"tool": "find_order", "max": 1}, "failed", 4),
    ],
)
def test_tool_called(check: dict[str, Any], expected: str, sequence: int | None) -> None:
    found = result({"type": "tool_called", **check}, HELD)
    assert (found.outcome.value, found.sequence) == (expected, sequence)


@pytest.mark.parametrize(
    ("check", "expected", "sequence"),
    [
        ({"tool": "refund"}, "passed", None),
        ({"tool": "cancel_order"}, "failed", 2),
        ({"tool": "cancel_order", "arguments": {"order_id": "W2"}}, "passed", None),
    ],
)
def test_tool_not_called(check: dict[str, Any], expected: str, sequence: int | None) -> None:
    found = result({"type": "tool_not_called", **check}, HELD)
    assert (found.outcome.value, found.sequence) == (expected, sequence)


@pytest.mark.parametrize(
    ("tools", "expected"),
    [
        (["find_order", "cancel_order"], "passed"),
        (["find_order", "cancel_order", "find_order"], "passed"),
        (["cancel_order", "cancel_order"], "failed"),
        (["find_order", "refund"], "failed"),
    ],
)
def test_tool_order(tools: list[str], expected: str) -> None:
    check = {"type": "tool_order", "calls": [{"tool": tool} for tool in tools]}
    assert outcome(check, HELD) == expected


def test_reason_of_a_missing_call_names_the_nearest_one_and_its_difference() -> None:
    wanted = {"order_id": "W2", "reason": "late"}
    found = result({"type": "tool_called", "tool": "cancel_order", "arguments": wanted}, HELD)
    assert found.reason.endswith('in the nearest call, order_id was "W1" instead of "W2".')
    assert found.sequence == 2


def test_reason_of_a_broken_order_names_the_call_that_came_too_early() -> None:
    held = conversation(call("pay"), call("book"))
    check = {"type": "tool_order", "calls": [{"tool": "book"}, {"tool": "pay"}]}
    found = result(check, held)
    assert (found.reason, found.sequence) == ("pay was called before call 1.", 1)
