"""OpenAI provider: answers in the forms of OpenAI-compatible servers."""

import json
import math
from typing import Any

import pytest

from shared.llm.openai import OpenAIModel
from shared.llm.port import (
    MAX_CALLS,
    NO_USAGE,
    ChatMessage,
    ModelAnswer,
    ModelFailed,
    TokenUsage,
    ToolCall,
    ToolSpecification,
)
from tests.support.chat_server import ChatServer, completion, http, tool_call
from tests.unit.llm.conftest import CALCULATOR, HI, request

CALL = ToolCall("call_1", "calculator", {"expression": "2+2"})


def test_answer_has_text_and_usage(server: ChatServer, model: OpenAIModel) -> None:
    details = {"cached_tokens": 7}
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": details}
    server.reply(completion("Hello", usage=usage))

    answer = model.answer(request())

    assert answer.text == "Hello"
    assert answer.tool_calls == ()
    assert answer.usage == TokenUsage(input_tokens=3, output_tokens=5, cache_read_tokens=7)


@pytest.mark.parametrize("usage", [None, {}, [], {"prompt_tokens": None}, {"prompt_tokens": "9"}])
def test_missing_usage_is_none_used(server: ChatServer, model: OpenAIModel, usage: Any) -> None:
    server.reply(completion("Hello", usage=usage))
    assert model.answer(request()).usage == NO_USAGE


@pytest.mark.parametrize("content", ["", None, [{"type": "text", "text": ""}]])
@pytest.mark.parametrize(
    "arguments",
    ['{"expression": "2+2"}', {"expression": "2+2"}],
    ids=["text", "object"],
)
def test_tool_calls_are_returned(
    server: ChatServer, model: OpenAIModel, content: Any, arguments: Any
) -> None:
    server.reply(completion(content, tool_calls=[tool_call(arguments)], finish="tool_calls"))
    answer = model.answer(request(tools=(CALCULATOR,)))
    assert (answer.text, answer.tool_calls) == ("", (CALL,))


def test_old_function_call_is_a_tool_call(server: ChatServer, model: OpenAIModel) -> None:
    server.reply(completion(None, function_call=tool_call()["function"]))
    [call] = model.answer(request(tools=(CALCULATOR,))).tool_calls
    assert (call.name, call.arguments) == (CALL.name, CALL.arguments)
    assert call.id.startswith("call_")


@pytest.mark.parametrize("arguments", [None, "", "{}", {}])
def test_call_without_arguments_has_none(
    server: ChatServer, model: OpenAIModel, arguments: Any
) -> None:
    server.reply(completion(None, tool_calls=[tool_call(arguments)]))
    assert model.answer(request()).tool_calls == (ToolCall("call_1", "calculator", {}),)


@pytest.mark.parametrize(
    ("arguments", "finish", "error"),
    [
        ('{"expression": "2', "length", "were cut at the model's length limit"),
        ('{"expression": "2', "tool_calls", "are not JSON"),
        ('{"value": NaN}', "tool_calls", "are not JSON"),
        ("[1]", "tool_calls", "are no JSON object"),
        (7, "tool_calls", "are no JSON object"),
    ],
)
def test_unreadable_arguments_are_an_error_of_the_call(
    server: ChatServer, model: OpenAIModel, arguments: Any, finish: str, error: str
) -> None:
    server.reply(completion(None, tool_calls=[tool_call(arguments)], finish=finish))
    [call] = model.answer(request()).tool_calls
    assert call.arguments == {}
    assert error in str(call.error)
    assert "call the tool again" in str(call.error)


def test_unknown_tool_name_passes_through(server: ChatServer, model: OpenAIModel) -> None:
    call = {"id": "c", "function": {"name": "teleport", "arguments": "{}"}}
    server.reply(completion(None, tool_calls=[call]))
    assert model.answer(request(tools=(CALCULATOR,))).tool_calls == (ToolCall("c", "teleport", {}),)


def test_missing_and_repeated_ids_are_replaced(server: ChatServer, model: OpenAIModel) -> None:
    earlier = {"type": "tool_call", "id": "call_0", "name": "calculator", "arguments": {}}
    given = [tool_call(identifier=one) for one in ("call_0", None, "", 5, "new", "new")]
    server.reply(completion(None, tool_calls=given))

    calls = model.answer(request(HI, ChatMessage("agent", (earlier,)))).tool_calls

    ids = [call.id for call in calls]
    assert len({*ids, "call_0"}) == 7
    assert ids[4] == "new"


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
def test_reasoning_is_not_shown(server: ChatServer, model: OpenAIModel, field: str) -> None:
    server.reply(completion("4", **{field: "two and two"}))
    assert model.answer(request()).text == "4"


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
@pytest.mark.parametrize("content", ["", None, " \n"])
def test_reasoning_without_an_answer_fails(
    server: ChatServer, model: OpenAIModel, content: Any, field: str
) -> None:
    server.reply(completion(content, **{field: "two and two"}))
    with pytest.raises(ModelFailed, match="reasoning and no answer") as failed:
        model.answer(request())
    assert failed.value.retryable


@pytest.mark.parametrize("content", ["", None, []])
def test_empty_answer_is_an_answer(server: ChatServer, model: OpenAIModel, content: Any) -> None:
    """A model may say nothing after a tool's result."""
    server.reply(completion(content))
    answer = model.answer(request())
    assert (answer.text, answer.tool_calls) == ("", ())


def test_content_in_parts_is_one_text(server: ChatServer, model: OpenAIModel) -> None:
    parts = [{"type": "text", "text": "Hel"}, {"type": "thinking", "text": "x"}, "l", {"text": "o"}]
    server.reply(completion(parts))
    assert model.answer(request()).text == "Hello"


def test_cut_answer_says_so(server: ChatServer, model: OpenAIModel) -> None:
    server.reply(completion("It is f", finish="length"))
    answer = model.answer(request())
    assert (answer.text, answer.is_cut) == ("It is f", True)


def test_length_limit_before_any_answer_fails(server: ChatServer, model: OpenAIModel) -> None:
    server.reply(completion("", finish="length", reasoning_content="two"))
    with pytest.raises(ModelFailed, match="length limit before it answered"):
        model.answer(request())


def test_withheld_answer_fails(server: ChatServer, model: OpenAIModel) -> None:
    server.reply(completion("It is", finish="content_filter"))
    with pytest.raises(ModelFailed, match="content filter withheld") as failed:
        model.answer(request())
    assert not failed.value.retryable


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>It works!</body></html>",
        b'{"choices": [{"mess',
        b"[]",
        b"null",
        b'"Hello"',
        b"\xff\xfe",
        b'{"choices": []}',
        b'{"choices": [null]}',
        b'{"choices": {"0": {}}}',
        b'{"choices": [{"message": "Hello"}]}',
        b'{"choices": [{"text": "Hello"}]}',
        b"[" * 5000,
    ],
)
def test_nonsense_is_a_permanent_failure(
    server: ChatServer, model: OpenAIModel, pauses: list[float], body: bytes
) -> None:
    server.reply(http(body, content_type="text/html"))
    with pytest.raises(ModelFailed, match="cannot be read") as failed:
        model.answer(request())
    assert not failed.value.retryable
    assert "(200, text/html)" in failed.value.reason
    assert pauses == []


@pytest.mark.parametrize(
    "message",
    [
        {"content": {"a": 1}},
        {"tool_calls": "x"},
        {"tool_calls": [None, "x"]},
        {"tool_calls": [{"function": None}]},
        {"tool_calls": [{"function": {"name": 5, "arguments": []}}]},
        {"function_call": "x"},
        {"content": [[["x"]], None, 3]},
    ],
)
def test_odd_messages_are_answers(
    server: ChatServer, model: OpenAIModel, message: dict[str, Any]
) -> None:
    server.reply(http({"choices": [{"message": message}]}))
    answer = model.answer(request())
    assert json.dumps([call.arguments for call in answer.tool_calls])


def test_content_that_is_a_number_cannot_be_read(server: ChatServer, model: OpenAIModel) -> None:
    server.reply(http({"choices": [{"message": {"content": 5}}]}))
    with pytest.raises(ModelFailed, match="cannot be read"):
        model.answer(request())


def test_calls_beyond_the_maximum_are_dropped(server: ChatServer, model: OpenAIModel) -> None:
    server.reply(http({"choices": [{"message": {"tool_calls": [{}] * 20_000}}]}))
    assert len(model.answer(request(time_limit=10)).tool_calls) == MAX_CALLS


@pytest.mark.parametrize("value", [math.nan, math.inf, 10**5000], ids=["nan", "inf", "digits"])
def test_arguments_that_json_cannot_express_are_an_error(value: float) -> None:
    call = ModelAnswer(text="", tool_calls=(ToolCall("a", "x", {"a": value}),)).tool_calls[0]
    assert call.arguments == {}
    assert "no valid JSON" in (call.error or "")


def test_conversation_that_json_cannot_express_fails(
    server: ChatServer, model: OpenAIModel
) -> None:
    tool = ToolSpecification("t", "d", {"default": math.nan})
    with pytest.raises(ModelFailed, match="a number that JSON cannot express"):
        model.answer(request(tools=(tool,)))
    assert not server.received
