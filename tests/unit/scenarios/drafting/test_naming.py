"""Draft names."""

import pytest

from shared.scenarios.drafting.intent import extract_goal
from shared.scenarios.drafting.naming import render_name
from shared.sessions.transcript import (
    ApprovalDecided,
    Entry,
    HandedOff,
    Signaled,
    ToolAnswered,
    ToolCalled,
    UserSaid,
)
from tests.support.captured_sessions import transcript


def name(*entries: Entry) -> str:
    session = transcript(*entries)
    turns = session.user_turns()
    return render_name(session, turns, extract_goal(turns))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Hi! I'd like to cancel my order of last week.", "Cancel order of last week"),
        ("我想退货。", "我想退货。"),
        ("I want my money back for order 4711.", "Refund of order 4711"),
        ("I'd like to get a refund for order 4711, it is broken.", "Refund of order 4711"),
        ("Please tell me the sum of my gift card balances.", "Sum of gift card balances"),
        (
            "I want to change my flight to a nonstop one, and my bags too.",
            "Change flight to a nonstop one",
        ),
        (
            "I want to change my return flight from Texas to Newark, as I am ill.",
            "Change return flight from Texas to Newark",
        ),
    ],
)
def test_goal_is_abbreviated(message: str, expected: str) -> None:
    assert name(UserSaid(message)) == expected


def test_short_goal_is_followed_by_next_one() -> None:
    assert name(UserSaid("I want a flight."), UserSaid("I need to be in Rome on Monday.")) == (
        "Flight, be in Rome on Monday"
    )


@pytest.mark.parametrize(
    ("entry", "outcome"),
    [
        (ApprovalDecided("deny"), " \u2013 approval denied"),
        (ApprovalDecided("approve"), ""),
        (HandedOff(), " \u2013 handed over"),
        (ToolCalled(1, "transfer_to_human_agents", {}), " \u2013 handed over"),
        (ToolCalled(1, "transfer_money", {}), ""),
        (Signaled("turn failed: x"), " \u2013 failed"),
        (Signaled("approval_required"), ""),
        (ToolAnswered(1, "a", error="x"), " \u2013 with a tool error"),
    ],
)
def test_notable_outcome_is_appended(entry: Entry, outcome: str) -> None:
    assert name(UserSaid("I want to cancel my order of last week."), entry) == (
        f"Cancel order of last week{outcome}"
    )


@pytest.mark.parametrize("turn", ["I want " + "x" * 3000, "word " * 900, "###STOP###", "?"])
def test_name_of_any_message_is_short_and_not_empty(turn: str) -> None:
    assert 1 <= len(name(UserSaid(turn), HandedOff())) <= 110
