"""Scripted model: deterministic answers, tool calls on request."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.llm.port import ChatMessage, ModelFailed, ModelRequest, Part, ToolSpecification
from shared.llm.scripted import MAX_WAIT, ScriptedModel

TOOLS = ("current_time", "calculator", "session_notes")


def request(*messages: ChatMessage, tools: tuple[str, ...] = TOOLS) -> ModelRequest:
    return ModelRequest(
        model="scripted",
        system_prompt="You are helpful.",
        messages=messages,
        tools=tuple(ToolSpecification(name, "does it", {}) for name in tools),
    )


def user(text: str) -> ChatMessage:
    return ChatMessage("user", ({"type": "text", "text": text},))


def result(**fields: Any) -> ChatMessage:
    part: Part = {"type": "tool_result", "tool_call_id": "c", **fields}
    return ChatMessage("tool_result", (part,))


def calls_for(text: str, tools: tuple[str, ...] = TOOLS) -> list[tuple[str, dict[str, Any]]]:
    calls = ScriptedModel().answer(request(user(text), tools=tools)).tool_calls
    return [(call.name, call.arguments) for call in calls]


def test_plain_message_is_repeated_and_tokens_counted() -> None:
    answer = ScriptedModel().answer(request(user("Hello there")))
    assert answer.text == "You said: Hello there"
    assert answer.tool_calls == ()
    assert answer.usage.input_tokens > 0
    assert answer.usage.output_tokens == 6


def test_answer_is_deterministic() -> None:
    question = request(user("What time is it and how much is 2 + 2?"))
    assert ScriptedModel().answer(question) == ScriptedModel().answer(question)


@pytest.mark.parametrize(
    ("message", "calls"),
    [
        ("What time is it?", [("current_time", {})]),
        ("Tell me the time in Europe/Madrid.", [("current_time", {"timezone": "Europe/Madrid"})]),
        ("What's 12 * (3 + 4)?", [("calculator", {"expression": "12 * (3 + 4)"})]),
        ("7*6", [("calculator", {"expression": "7*6"})]),
        ("Please calculate 12 times 7", [("calculator", {"expression": "12 * 7"})]),
        ("What about order 2026-01-15?", []),
        ("I paid 20 - they sent 3", []),
        (
            "Remember that my name is Ada.",
            [("session_notes", {"action": "set", "key": "name", "value": "Ada"})],
        ),
        (
            "Note: buy milk",
            [("session_notes", {"action": "set", "key": "buy milk", "value": "buy milk"})],
        ),
        ("What is my name?", [("session_notes", {"action": "get", "key": "name"})]),
        ("List your notes", [("session_notes", {"action": "list"})]),
        (
            "What time is it, and what is 2+2?",
            [("current_time", {}), ("calculator", {"expression": "2+2"})],
        ),
    ],
)
def test_request_for_a_tool_returns_its_call(
    message: str, calls: list[tuple[str, dict[str, Any]]]
) -> None:
    assert calls_for(message) == calls


def test_request_for_a_missing_tool_returns_no_call() -> None:
    assert calls_for("What time is it?", tools=("calculator",)) == []


def test_tool_results_become_the_answer() -> None:
    messages = (user("2+2 and the time"), result(result={"result": "4"}), result(error="no clock"))
    answer = ScriptedModel().answer(request(*messages))
    assert answer.text == "result: 4 That did not work: no clock"
    assert answer.tool_calls == ()


def test_earlier_tool_results_are_ignored() -> None:
    messages = (user("2+2"), result(result="4"), user("thanks"))
    assert ScriptedModel().answer(request(*messages)).text == "You said: thanks"


def test_message_without_text_is_answered() -> None:
    image = ChatMessage("user", ({"type": "image", "url": "https://example.com/a.png"},))
    assert ScriptedModel().answer(request(image)).text == "You said: (no text)"


@pytest.mark.parametrize(("message", "seconds"), [("[wait 1.5]", 1.5), ("[wait 999]", MAX_WAIT)])
def test_wait_marker_delays_the_answer_up_to_the_maximum(message: str, seconds: float) -> None:
    pauses: list[float] = []
    ScriptedModel(pauses.append).answer(request(user(f"Slowly please {message}")))
    assert pauses == [seconds]


def streamed(message: str, **fields: Any) -> tuple[list[str], list[float], str]:
    """Return the texts so far, the pauses before them, and the answer."""
    texts: list[str] = []
    pauses: list[float] = []
    on_text: Callable[[str], None] = texts.append
    asked = replace(request(user(message)), on_text=on_text, **fields)
    answer = ScriptedModel(pauses.append).answer(asked)
    return texts, pauses, answer.text


def test_stream_marker_writes_the_answer_word_by_word() -> None:
    texts, pauses, answer = streamed("One two [stream 5]")
    assert texts == [
        "You ",
        "You said: ",
        "You said: One ",
        "You said: One two ",
        "You said: One two [stream ",
        "You said: One two [stream 5]",
    ]
    assert answer == texts[-1]
    assert sum(pauses) == pytest.approx(5)


def test_stream_ends_with_the_time_limit() -> None:
    assert sum(streamed("One [stream 5]", time_limit=2)[1]) == pytest.approx(2)
    assert sum(streamed("One [stream 999]")[1]) == pytest.approx(MAX_WAIT)


def test_stream_without_a_listener_waits() -> None:
    pauses: list[float] = []
    ScriptedModel(pauses.append).answer(request(user("One [stream 5]")))
    assert pauses == [5]


def test_error_of_the_listener_stops_the_stream() -> None:
    def stop(_: str) -> None:
        raise InterruptedError

    pauses: list[float] = []
    with pytest.raises(InterruptedError):
        ScriptedModel(pauses.append).answer(
            replace(request(user("One two [stream 6]")), on_text=stop)
        )
    assert pauses == [1]


@pytest.mark.parametrize(("message", "retryable"), [("[fail]", False), ("[fail retryable]", True)])
def test_fail_marker_raises_a_failure(message: str, retryable: bool) -> None:
    with pytest.raises(ModelFailed) as failed:
        ScriptedModel().answer(request(user(message)))
    assert failed.value.retryable is retryable


def test_very_long_message_is_answered_at_once() -> None:
    assert calls_for("1" * 300_000 + " + " + "(" * 1000) == []
