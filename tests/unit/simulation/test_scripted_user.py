"""Scripted user of simulations: recorded messages, asked-for data, facts, and the end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.simulation.conversation import Conversation, Said
from shared.simulation.users.domain import SCRIPT_ENDED, UserBrief, UserMessage
from shared.simulation.users.facts import in_first_person
from shared.simulation.users.script import ScriptedUser

RECORDED = (
    "Hi there!",
    "I want to return a lamp.",
    "It arrived broken.",
    "The order is #W4711, my e-mail is jo.doe@example.com.",
    "I bought it on 3 May 2026.",
    "Thank you, bye.",
)


def play(brief: UserBrief, answers: list[str], most: int = 30) -> list[UserMessage]:
    """Return the user's messages; the agent's answers are repeated from the last one on."""
    entries: list[Said] = []
    messages: list[UserMessage] = []
    while len(messages) < most:
        message = ScriptedUser().next_message(brief, Conversation(entries=tuple(entries)))
        messages.append(message)
        if message.stop_reason:
            break
        answer = answers[min(len(messages), len(answers)) - 1]
        entries += [Said("user", message.text), Said("agent", answer)]
    return messages


def said(brief: UserBrief, *answers: str) -> list[str]:
    messages = play(brief, list(answers))
    assert messages[-1] == UserMessage("", SCRIPT_ENDED)
    assert all(message.stop_reason is None for message in messages[:-1])
    return [message.text for message in messages[:-1]]


def test_recorded_messages_come_in_their_order_and_end() -> None:
    brief = UserBrief(intent="Return a lamp", recorded_turns=RECORDED)
    assert said(brief, "I see.") == list(RECORDED)


@pytest.mark.parametrize(
    ("request_", "first"),
    [
        ("What is your order number?", 3),
        ("Please provide your e-mail address.", 3),
        ("Could you tell me the order ID?", 3),
        ("Wie lautet Ihre Bestellnummer?", 3),
        ("¿Cuál es su correo?", 3),
        ("When did you buy it?", 4),
        ("What was the date of the purchase?", 4),
    ],
)
def test_message_with_the_data_that_is_asked_for_comes_first(request_: str, first: int) -> None:
    brief = UserBrief(intent="Return a lamp", recorded_turns=RECORDED)
    in_order = [*RECORDED[:2], RECORDED[first], *RECORDED[2:first], *RECORDED[first + 1 :]]
    assert said(brief, "Hello.", f"I can help. {request_}", "I see.") == in_order


@pytest.mark.parametrize(
    "answer",
    [
        "I sent an e-mail with your order number.",
        "What is your shoe size?",
        "Your name is on file. How did it break?",
    ],
)
def test_other_words_change_no_order(answer: str) -> None:
    brief = UserBrief(intent="Return a lamp", recorded_turns=RECORDED)
    assert said(brief, "Hello.", answer, "I see.") == list(RECORDED)


def test_next_message_with_the_data_is_not_overtaken() -> None:
    turns = ("Help me.", "My user id is sara_doe_496.", "The id of the order is W2611340.")
    brief = UserBrief(intent="Help", recorded_turns=turns)
    assert said(brief, "What is the id of the order?", "Fine.") == list(turns)


def test_words_of_the_request_decide_between_two_numbers() -> None:
    turns = ("Help me.", "It is late.", "My user id is sara_doe_496.", "The order is W2611340.")
    brief = UserBrief(intent="Help", recorded_turns=turns)
    assert said(brief, "What is your order number?", "Fine.")[1] == turns[3]


def test_data_that_was_said_is_repeated_once_at_the_end() -> None:
    brief = UserBrief(intent="Help", recorded_turns=("My order is W2611340.", "Cancel it."))
    expected = ["My order is W2611340.", "Cancel it.", "My order is W2611340."]
    assert said(brief, "Hello.", "What is your order number?") == expected


def test_second_greeting_and_empty_messages_are_skipped() -> None:
    turns = ("Hello, I need a refund.", "Hi", "  ", "Good morning!", "Now, please.")
    brief = UserBrief(intent="Refund", recorded_turns=turns)
    assert said(brief, "Hello.") == ["Hello, I need a refund.", "Now, please."]


def test_repeated_messages_are_said_as_often_as_recorded() -> None:
    brief = UserBrief(intent="Refund", recorded_turns=("Refund.", "Yes", "Yes", "Yes"))
    assert said(brief, "Sure?") == ["Refund.", "Yes", "Yes", "Yes"]


def test_message_that_the_target_cut_is_not_said_again() -> None:
    long = "word " * 1_000
    brief = UserBrief(intent="Long", recorded_turns=(long, "Bye."))
    entries = (Said("user", long[:2_000]), Said("agent", "I see."))
    message = ScriptedUser().next_message(brief, Conversation(entries=entries))
    assert message.text == "Bye."


def test_facts_are_stated_without_recorded_messages() -> None:
    brief = UserBrief(
        intent="The user wants a refund.",
        journey="1. The user has order 4711.\n2. The assistant checks it.\n3. It was paid by card.",
        goal="the money back",
    )
    assert said(brief, "I see.") == [
        "I want a refund.",
        "I have order 4711.",
        "It was paid by card.",
        "What I need is this: the money back.",
        "Once more, this is what I need: the money back.",
    ]


def test_facts_that_are_asked_for_come_first() -> None:
    brief = UserBrief(
        intent="Refund, please.",
        journey="It was paid by card. The mail address is jo@example.com.",
        opening="Good day.",
    )
    assert said(brief, "What is your e-mail?", "I see.") == [
        "Good day.",
        "The mail address is jo@example.com.",
        "Refund, please.",
        "It was paid by card.",
    ]


def test_drafted_journey_gives_the_quoted_words_of_the_user() -> None:
    brief = UserBrief(
        intent="Please cancel my order.",
        journey=(
            "1. The user opens: \u201cCancel my order.\u201d\n"
            "2. The assistant asks: \u201cWhich one?\u201d\n"
            "3. The user says: \u201cThe lamp.\u201d\n"
            "4. The user ends the conversation."
        ),
    )
    assert said(brief, "I see.") == ["Please cancel my order.", "The lamp."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The user wants help.", "I want help."),
        ("A customer is late.", "I am late."),
        ("The user has no bag.", "I have no bag."),
        ("The caller pushes for it.", "I push for it."),
        ("The user can wait.", "I can wait."),
        ("Users want help.", "Users want help."),
    ],
)
def test_sentences_about_the_user_are_in_the_first_person(text: str, expected: str) -> None:
    assert in_first_person(text) == expected


_TEXT = st.text(max_size=40) | st.sampled_from([*RECORDED, "What is your order number?"])


@given(_TEXT, _TEXT, st.lists(_TEXT, max_size=5), st.lists(_TEXT, min_size=1, max_size=5))
def test_script_is_deterministic_and_always_ends(
    intent: str, journey: str, turns: list[str], answers: list[str]
) -> None:
    brief = UserBrief(intent=intent, journey=journey, goal="x", recorded_turns=tuple(turns))
    messages = play(brief, answers, most=100)
    assert messages == play(brief, answers, most=100)
    assert messages[-1].stop_reason == SCRIPT_ENDED
    assert {message.stop_reason for message in messages[:-1]} <= {None}
    assert all(message.text for message in messages[:-1])
