"""Drafted worlds in replay: pseudonyms fit together, and a wrong call is an error."""

from typing import Any

import pytest

from shared.scenarios.worlds.mock_world import build_mock_world
from shared.sessions.recorded_worlds.answers import find_answer
from shared.sessions.recorded_worlds.world import World, parse_world
from shared.sessions.transcript import Entry, UserSaid
from tests.support.captured_sessions import (
    answered_call,
    conversation,
    transcript,
    transcript_of_messages,
)
from tests.support.drafting import redactor


def drafted(*entries: Entry) -> World:
    """Return the world of the draft of a session, as a replay has it."""
    pseudonymize = redactor(*entries).pseudonymize
    return parse_world(build_mock_world(transcript(*entries), pseudonymize).tools)


def test_wrong_call_of_a_tool_with_one_answer_is_an_error() -> None:
    world = drafted(
        UserSaid("Please cancel order A1."),
        *answered_call(1, "cancel_order", {"order_id": "A1"}, {"cancelled": True}),
    )

    answer = find_answer(world, "cancel_order", {"order_id": "NOT-THERE"})

    assert answer.answer["error"] == (
        "no_recorded_answer: cancel_order: no call with these arguments was recorded;"
        ' the nearest recorded arguments are {"order_id":"A1"}.'
    )
    right = find_answer(world, "cancel_order", {"order_id": "a1"})
    assert right.answer["output"] == {"cancelled": True}


PROFILE = {
    "user_id": "mia_li_3668",
    "dob": "1990-04-05",
    "phone": "(415) 302-7781",
    "card_number": "4539 5787 6362 1486",
    "account_number": 48_213_377,
}


@pytest.mark.parametrize(
    "written",
    [
        {"user_id": "mia_li_3668"},
        {"user_id": "MIA_LI_3668", "dob": "April 5, 1990"},
        {"dob": "5 April 1990", "phone": "415-302-7781"},
        {"dob": "04/05/1990", "phone": "4153027781"},
        {"card_number": "4539578763621486"},
        {"account_number": "48213377"},
    ],
)
def test_pseudonyms_of_an_answer_match_those_of_arguments(written: dict[str, Any]) -> None:
    """A value in a later call was written otherwise than in the answer it comes from."""
    world = drafted(
        UserSaid("Hi, I am Mia Li, born on April 5, 1990."),
        *answered_call(1, "get_user", {"name": "Mia Li"}, PROFILE),
        *answered_call(2, "verify", written, {"verified": True}),
    )
    given = world["get_user"]["calls"][0]["output"]

    answer = find_answer(world, "verify", {name: given[name] for name in written})

    assert given["dob"] != PROFILE["dob"]
    assert (answer.answer.get("output"), answer.index) == ({"verified": True}, 0)
    # What the session had in its place was never recorded.
    assert find_answer(world, "verify", written).matched == "none"


@pytest.mark.parametrize("identifier", ["airline-000-0", "airline-004-0", "sgd-1_00019"])
def test_calls_of_a_recorded_conversation_are_told_apart(identifier: str) -> None:
    recorded = transcript_of_messages(conversation(identifier)["messages"])
    pseudonymize = redactor(*recorded.entries).pseudonymize
    world = parse_world(build_mock_world(recorded, pseudonymize).tools)

    for called, answered in recorded.calls():
        assert answered is not None
        arguments = pseudonymize(called.arguments, called.tool)
        upper = {
            name: value.upper() if isinstance(value, str) else value
            for name, value in arguments.items()
        }
        answer = find_answer(world, called.tool, upper).answer
        assert answer.get("output") == pseudonymize(answered.output, called.tool)
        wrong = dict.fromkeys(arguments, "never recorded")
        assert not wrong or find_answer(world, called.tool, wrong).matched == "none"
