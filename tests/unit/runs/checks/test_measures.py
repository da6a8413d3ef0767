"""Checks of the end of a conversation and of its measures."""

from typing import Any

import pytest

from tests.support.checked import agent, conversation, outcome, result

MEASURES: dict[str, Any] = {"turns": 3, "tool_calls": 2, "input_tokens": 900, "output_tokens": 100}
TIMES: dict[str, Any] = {"seconds": 12.0, "slowest_seconds": 7.5, "cost_usd": 0.02}
HELD = conversation(agent("Bye."), **MEASURES, **TIMES)


@pytest.mark.parametrize(
    ("kind", "most", "more", "expected"),
    [
        ("max_turns", 3, {}, "passed"),
        ("max_turns", 2, {}, "failed"),
        ("max_tool_calls", 2, {}, "passed"),
        ("max_tool_calls", 1, {}, "failed"),
        ("max_tokens", 1000, {}, "passed"),
        ("max_tokens", 999, {}, "failed"),
        ("max_seconds", 12, {}, "passed"),
        ("max_seconds", 11.9, {}, "failed"),
        ("max_seconds", 7.5, {"per": "answer"}, "passed"),
        ("max_seconds", 7, {"per": "answer"}, "failed"),
        ("max_cost_usd", 0.02, {}, "passed"),
        ("max_cost_usd", 0.01, {}, "failed"),
    ],
)
def test_limit(kind: str, most: float, more: dict[str, Any], expected: str) -> None:
    assert outcome({"type": kind, "max": most, **more}, HELD) == expected


@pytest.mark.parametrize("kind", ["max_tokens", "max_cost_usd"])
def test_measure_that_the_target_does_not_report_is_undecided(kind: str) -> None:
    assert outcome({"type": kind, "max": 5}, conversation(agent("Hi."), turns=1)) == "undecided"


def test_reason_of_a_limit_names_both_numbers() -> None:
    found = result({"type": "max_seconds", "max": 5, "per": "answer"}, HELD)
    assert found.reason == "7.5 seconds in the slowest answer, of 5 at most."


@pytest.mark.parametrize(
    ("reasons", "end", "expected"),
    [
        (None, "GOAL_ACHIEVED", "passed"),
        (None, "MAX_TURNS_REACHED", "failed"),
        (None, None, "failed"),
        (["HANDOFF"], "HANDOFF", "passed"),
        (["HANDOFF"], "GOAL_ACHIEVED", "failed"),
    ],
)
def test_ends(reasons: list[str] | None, end: str | None, expected: str) -> None:
    found = result({"type": "ends", "reasons": reasons}, conversation(agent("Bye."), end=end))
    assert (found.outcome.value, found.sequence) == (expected, 1)
