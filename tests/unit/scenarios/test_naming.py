"""Names that tell one draft from another."""

import pytest

from shared.scenarios.intent import goal_of
from shared.scenarios.naming import name_of
from shared.sessions.models import SessionKind
from shared.sessions.transcript import (
    ApprovalDecided,
    Entry,
    HandedOff,
    Signalled,
    ToolAnswered,
    ToolCalled,
    Transcript,
    UserSaid,
)


def name(*entries: Entry) -> str:
    transcript = Transcript(kind=SessionKind.AGENT, entries=entries)
    turns = transcript.user_turns()
    return name_of(transcript, turns, goal_of(turns))


def test_given_a_goal_then_it_is_the_name() -> None:
    assert name(UserSaid("Hi! I'd like to cancel my order of last week.")) == (
        "Cancel order of last week"
    )


def test_given_a_short_goal_then_the_next_one_joins_it() -> None:
    assert name(UserSaid("I want a flight."), UserSaid("I need to be in Rome on Monday.")) == (
        "Flight, be in Rome on Monday"
    )


@pytest.mark.parametrize(
    ("said", "named"),
    [
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
def test_given_a_goal_then_the_name_is_as_short_as_a_title(said: str, named: str) -> None:
    assert name(UserSaid(said)) == named


def test_given_no_goal_then_the_first_words_are_the_name() -> None:
    assert name(UserSaid("我想退货。")) == "我想退货。"


@pytest.mark.parametrize(
    ("entry", "outcome"),
    [
        (ApprovalDecided("deny"), " \u2013 approval denied"),
        (ApprovalDecided("approve"), ""),
        (HandedOff(), " \u2013 handed over"),
        (ToolCalled(1, "transfer_to_human_agents", {}), " \u2013 handed over"),
        (ToolCalled(1, "transfer_money", {}), ""),
        (Signalled("turn failed: x"), " \u2013 failed"),
        (Signalled("approval_required"), ""),
        (ToolAnswered(1, "a", error="x"), " \u2013 with a tool error"),
    ],
)
def test_given_a_special_course_then_the_name_tells_it(entry: Entry, outcome: str) -> None:
    assert name(UserSaid("I want to cancel my order of last week."), entry) == (
        f"Cancel order of last week{outcome}"
    )


@pytest.mark.parametrize("turn", ["I want " + "x" * 3000, "word " * 900, "###STOP###", "?"])
def test_given_any_turn_then_the_name_is_short_and_not_empty(turn: str) -> None:
    assert 1 <= len(name(UserSaid(turn), HandedOff())) <= 110
