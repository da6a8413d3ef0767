"""Simulated user that a model plays: its role, its knowledge, and its substitutes."""

import json
from typing import Any

import pytest

from shared.core.errors import Unavailable
from shared.llm.port import ModelFailed
from shared.simulation.asking import Asking
from shared.simulation.conversation import Called, Conversation, Said
from shared.simulation.users.domain import (
    CRITERIA_MET,
    GOAL_ACHIEVED,
    SCRIPT_ENDED,
    UserBrief,
    UserMessage,
)
from shared.simulation.users.model import ModelUser, prompt
from shared.simulation.users.script import ScriptedUser
from shared.simulation.users.supported import Supported
from shared.simulation.users.wiring import simulated_user
from tests.support.storage import set_variables
from tests.support.turns import Model, text

BRIEF = UserBrief(
    intent="I want a refund of order W4711-88.",
    journey="It was paid on 2026-05-03. Two lamps for $1,250.00.",
    persona="Jo Doe, jo.doe@example.com, in a hurry",
    goal="The money is on its way",
    language="en",
    recorded_turns=("Hello, refund please.", "My order is W4711-88."),
    stopping_criteria=("The assistant refuses twice",),
)
ASKED = Conversation(
    entries=(
        Said("user", "Hello, refund please."),
        Called("look_up", {"order": "SECRET-99"}, {"total": 77_123}),
        Said("agent", "Which order? I see W5500."),
    )
)


def answer(message: str, reason: str = "CONTINUE") -> Any:
    return text(json.dumps({"message": message, "stopping_reason": reason}), tokens=7)


def play(
    *answers: Any, brief: UserBrief = BRIEF, conversation: Conversation = ASKED
) -> tuple[UserMessage, Model]:
    model = Model(*answers)
    user = ModelUser(Asking(model, "some-model"), ScriptedUser())
    return user.next_message(brief, conversation), model


def test_model_gets_the_brief_and_the_conversation_without_the_tools() -> None:
    message, model = play(answer("Order W4711-88, please."))
    [request] = model.requests
    assert message == UserMessage("Order W4711-88, please.", None, 7, 7)
    for part in (BRIEF.intent, BRIEF.journey, BRIEF.persona, BRIEF.goal, *BRIEF.recorded_turns):
        assert str(part) in request.system_prompt
    sent = [(one.role, one.content[0]["text"]) for one in request.messages]
    assert sent[1:] == [
        ("agent", "Hello, refund please."),
        ("user", "Which order? I see W5500."),
    ]
    assert "SECRET-99" not in str(request)
    assert request.output_schema is not None


@pytest.mark.parametrize("reason", [GOAL_ACHIEVED, CRITERIA_MET])
def test_model_ends_the_conversation_by_its_reason(reason: str) -> None:
    assert play(answer("", reason))[0].stop_reason == reason


def test_reasons_that_cannot_hold_end_nothing() -> None:
    opened, _ = play(answer("Hello.", GOAL_ACHIEVED), conversation=Conversation())
    unlimited, _ = play(answer("Hm.", CRITERIA_MET), brief=UserBrief(intent="Refund"))
    assert (opened.stop_reason, unlimited.stop_reason) == (None, None)


@pytest.mark.parametrize(
    "message",
    [
        "My e-mail is jo@elsewhere.example.",
        "The number is 99812.",
        "It is order W4712.",
        "I paid on 4 May 2025.",
        "My card ends in 4242.",
    ],
)
def test_invented_value_is_asked_for_once_more_then_dropped(message: str) -> None:
    said, model = play(answer(f"Sure. {message}"), answer(f"Of course! {message} Please hurry."))
    assert said == UserMessage("Of course! Please hurry.", None, 14, 14)
    correction = model.requests[1].messages[-1].content[0]["text"]
    assert "never given" in correction
    corrected, _ = play(answer(message), answer("I do not have that."))
    assert corrected.text == "I do not have that."


def test_script_speaks_where_only_an_invented_value_is_left() -> None:
    assert play(answer("It is 99812."))[0].text == "My order is W4711-88."


@pytest.mark.parametrize(
    "message",
    [
        "W4711-88",
        "w4711 88, paid on May 3rd, 2026",
        "2 lamps for 1250.00",
        "It was 1250 dollars, on 03/05/2026.",
        "JO.DOE@example.com",
        "Not W5500.",
        "\u6ce8\u6587 4711 \u3067\u3059",
    ],
)
def test_values_of_the_brief_and_of_the_conversation_are_said(message: str) -> None:
    said, model = play(answer(message))
    assert (said.text, len(model.requests)) == (message, 1)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "{}",
        '{"message": "cut off',
        '{"message": "", "stopping_reason": "because"}',
        '{"message": "As an AI language model I cannot want refunds."}',
    ],
)
def test_bad_answer_is_asked_once_more_then_the_script_speaks(bad: str) -> None:
    corrected, model = play(text(bad), answer("Order W4711-88."))
    assert (corrected.text, len(model.requests)) == ("Order W4711-88.", 2)
    scripted, model = play(text(bad))
    assert (scripted.text, len(model.requests)) == ("My order is W4711-88.", 2)
    assert (scripted.input_tokens, scripted.output_tokens) == (2, 2)
    ended, _ = play(text(bad), brief=UserBrief(intent="Hello, refund please."))
    assert ended == UserMessage("", SCRIPT_ENDED, 2, 2)


def test_answer_without_json_is_the_message() -> None:
    assert play(text(" W4711-88 "))[0].text == "W4711-88"


def test_failing_model_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        play(ModelFailed("Too busy.", retryable=True))


def test_opening_is_said_without_a_model() -> None:
    brief = UserBrief(intent="Refund", opening="Good day.")
    message, model = play(answer("Hi"), brief=brief, conversation=Conversation())
    assert (message, model.requests) == (UserMessage("Good day."), [])


def test_second_try_is_left_out_when_the_time_is_over() -> None:
    model = Model(text(""))
    times = iter([0.0, 22.0])
    user = ModelUser(Asking(model, "m", lambda: next(times)), ScriptedUser())
    assert user.next_message(BRIEF, ASKED).text == "My order is W4711-88."
    assert len(model.requests) == 1


def test_long_conversation_is_sent_from_its_end() -> None:
    entries = tuple(Said("agent", f"{number} {'x' * 50_000}") for number in range(5))
    _, model = play(answer("Yes"), conversation=Conversation(entries=entries))
    sent = str(model.requests[0].messages)
    assert "4 xxx" in sent
    assert "1 xxx" not in sent


def test_prompt_leaves_out_what_is_not_known() -> None:
    instructions = prompt(UserBrief(intent="Refund"))
    assert "Your goal:" not in instructions
    assert "None" not in instructions


def test_user_of_no_model_and_of_the_scripted_model_is_scripted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_variables(monkeypatch, TABLE_NAME="t")
    scripted = "model_00000000000000000000000000000001"
    assert simulated_user(None).is_deterministic
    assert simulated_user(scripted).is_deterministic
    with pytest.raises(Unavailable):
        simulated_user("model_" + "9" * 32)


def test_sentences_with_unsupported_values_are_removed() -> None:
    supported = Supported(["Order 4711"])
    assert supported.without_unsupported("It is 4711. Or 4712? Thanks!") == "It is 4711. Thanks!"
    assert supported.without_unsupported("4712") == ""
