"""Draft names."""

import pytest

from shared.scenarios.drafting.intent import extract_goal
from shared.scenarios.drafting.naming import render_name, render_title
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
    return render_name(session, extract_goal(session, str), lambda entry: entry)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Hi! I'd like to cancel my order of last week.", "Cancel my order of last week"),
        ("我想退货。", "退货"),
        ("I want my money back for order 4711.", "My money back for order 4711"),
        ("Please tell me the sum of my gift cards.", "Tell me the sum of my gift cards"),
        (
            "Könnten Sie bitte Bestellung 4711 stornieren?",
            "Könnten Sie bitte Bestellung 4711 storn",
        ),
        (
            "I want to change my flight from Texas to a nonstop one, and the bags of my wife too.",
            "Change my flight from Texas to a nonstop one",
        ),
        ("Hi!", "Conversation without a request"),
    ],
)
def test_name_is_the_object_of_the_goal(message: str, expected: str) -> None:
    assert name(UserSaid(message)).startswith(expected)


def test_short_goal_is_followed_by_next_one() -> None:
    assert name(UserSaid("I want a flight."), UserSaid("I need to be in Rome on Monday.")) == (
        "Flight. Be in Rome on Monday"
    )


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([UserSaid("Cancel my order."), UserSaid("It is number #W123.")], "number #W123"),
        ([UserSaid("Cancel my order."), ToolCalled(1, "find", {"id": "X-17"})], "(X-17)"),
        ([UserSaid("Cancel my order."), ToolCalled(1, "find", {"n": [1]})], "(find)"),
        ([UserSaid("Cancel order 4711."), ToolCalled(1, "find", {"id": "X-17"})], "order 4711"),
    ],
)
def test_detail_tells_sessions_with_the_same_goal_apart(
    entries: list[Entry], expected: str
) -> None:
    assert name(*entries).endswith(expected)


@pytest.mark.parametrize(
    ("entry", "outcome"),
    [
        (ApprovalDecided("deny"), " \u2013 approval denied"),
        (ApprovalDecided("approve"), ""),
        (HandedOff(), " \u2013 handed over"),
        (ToolCalled(1, "transfer_to_human_agents", {}), " \u2013 handed over"),
        (Signaled("turn failed: x"), " \u2013 failed"),
        (Signaled("approval_required"), ""),
        (ToolAnswered(1, "a", error="x"), " \u2013 with a tool error"),
    ],
)
def test_notable_outcome_is_appended(entry: Entry, outcome: str) -> None:
    assert name(UserSaid("I want to cancel order 17 of last week."), entry) == (
        f"Cancel order 17 of last week{outcome}"
    )


@pytest.mark.parametrize("turn", ["I want " + "x" * 3000, "word " * 900, "###STOP###", "?"])
def test_name_of_any_message_is_short_and_not_empty(turn: str) -> None:
    assert 1 <= len(name(UserSaid(turn), HandedOff())) <= 80


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "My parcel is a week late, I want my money back for order 4711.",
            "My money back for order 4711",
        ),
        (
            "Remove a passenger named <NAME_2> from my flights.",
            "Remove a passenger from my flights",
        ),
    ],
)
def test_title_is_the_wish_without_gaps(text: str, title: str) -> None:
    assert render_title(text) == title
