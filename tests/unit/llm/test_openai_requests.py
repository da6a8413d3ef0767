"""OpenAI provider: requests as Chat Completions takes them."""

import base64

import pytest

from shared.llm.openai import OpenAIModel
from shared.llm.port import ChatMessage
from tests.support.chat_server import DONE, STREAM, ChatServer, completion, http, piece
from tests.unit.llm.conftest import CALCULATOR, HI, SCHEMA, request

PIXEL = base64.b64encode(b"\x89PNG").decode()


def test_request_has_model_prompt_tools_and_effort(server: ChatServer, model: OpenAIModel) -> None:
    server.reply(completion())

    model.answer(request(system_prompt="Be kind.", tools=(CALCULATOR,), effort="low"))

    [sent] = server.received
    assert (sent.method, sent.path) == ("POST", "/v1/chat/completions")
    assert sent.headers["authorization"] == "Bearer key-of-the-test"
    function = {
        "name": "calculator",
        "description": "Works out",
        "parameters": {"type": "object", "properties": {"expression": {"type": "string"}}},
    }
    assert sent.body == {
        "model": "org/model:8b",
        "messages": [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": "hi"},
        ],
        "tools": [{"type": "function", "function": function}],
        "reasoning_effort": "low",
    }


def test_server_without_key_gets_no_authorization(server: ChatServer) -> None:
    server.reply(completion())
    OpenAIModel(server.url).answer(request())
    assert "authorization" not in server.received[0].headers


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", "/chat/completions"),
        ("/", "/chat/completions"),
        ("/v1/", "/v1/chat/completions"),
        ("/openai/v1", "/openai/v1/chat/completions"),
    ],
)
def test_base_url_is_used_as_given(server: ChatServer, path: str, expected: str) -> None:
    server.reply(completion())
    OpenAIModel(server.origin + path).answer(request())
    assert server.received[0].path == expected


def test_conversation_with_images_and_tools_is_mapped(
    server: ChatServer, model: OpenAIModel
) -> None:
    call = {"type": "tool_call", "id": "t1", "name": "calculator", "arguments": {"e": "2+2"}}
    images = (
        {"type": "text", "text": "look"},
        {"type": "image", "base64": PIXEL, "media_type": "image/png"},
        {"type": "image", "url": "https://example.com/a.png"},
        {"type": "image", "base64": "***", "media_type": "image/png"},
        {"type": "image_file", "image_id": "i1", "filename": "b.png"},
    )
    messages = (
        ChatMessage("user", images),
        ChatMessage("agent", ({"type": "text", "text": "Let me see."}, call)),
        ChatMessage(
            "tool_result", ({"type": "tool_result", "tool_call_id": "t1", "result": {"v": 4}},)
        ),
        ChatMessage("agent", ({"type": "text", "text": "4"},)),
        HI,
        ChatMessage("user", ({"type": "text", "text": "again"},)),
    )
    server.reply(completion())

    model.answer(request(*messages))

    function = {"name": "calculator", "arguments": '{"e":"2+2"}'}
    assert server.received[0].body["messages"] == [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "look"},
                {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}},
                {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
                {"type": "text", "text": "[an image that cannot be read]"},
                {"type": "text", "text": "[image file b.png]"},
            ],
        },
        {
            "role": "assistant",
            "content": "Let me see.",
            "tool_calls": [{"id": "t1", "type": "function", "function": function}],
        },
        {"role": "tool", "tool_call_id": "t1", "content": '{"v":4}'},
        {"role": "assistant", "content": "4"},
        {"role": "user", "content": "hi\n\nagain"},
    ]


def test_call_without_result_gets_an_error_as_its_result(
    server: ChatServer, model: OpenAIModel
) -> None:
    """A turn that was stopped between call and result must not block the session."""
    call = {"type": "tool_call", "id": "t1", "name": "calculator", "arguments": {}}
    server.reply(completion())

    model.answer(request(HI, ChatMessage("agent", (call,)), HI))

    roles = [(one["role"], one["content"]) for one in server.received[0].body["messages"]]
    assert roles == [
        ("user", "hi"),
        ("assistant", ""),
        ("tool", "Error: the call was not completed"),
        ("user", "hi"),
    ]


def test_structured_output_is_requested_by_schema(server: ChatServer, model: OpenAIModel) -> None:
    server.reply(completion('{"name": "Ada"}'))

    answer = model.answer(request(output_schema=SCHEMA))

    assert answer.text == '{"name": "Ada"}'
    named = {"name": "answer", "schema": SCHEMA, "strict": True}
    assert server.received[0].body["response_format"] == {
        "type": "json_schema",
        "json_schema": named,
    }


def test_structured_output_falls_back_to_any_json_and_to_the_prompt(
    server: ChatServer, model: OpenAIModel
) -> None:
    refused = {"error": {"message": "response_format json_schema is unavailable", "code": 400}}
    server.reply(http(refused, status=400))
    server.reply(http({"error": "'response_format' is not supported"}, status=422))
    server.reply(completion('{"name": "Ada"}'))

    assert model.answer(request(output_schema=SCHEMA)).text == '{"name": "Ada"}'

    _, second, third = server.received
    assert second.body["response_format"] == {"type": "json_object"}
    assert "response_format" not in third.body
    assert "JSON object of this schema" in third.body["messages"][0]["content"]


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ("Unrecognized request argument supplied: stream_options", "stream_options"),
        (
            "UnsupportedParamsError: does not support parameters: ['reasoning_effort']",
            "reasoning_effort",
        ),
        ('"qwen3" does not support thinking', "reasoning_effort"),
    ],
)
def test_refused_field_is_left_out_from_then_on(
    server: ChatServer, model: OpenAIModel, pauses: list[float], message: str, field: str
) -> None:
    server.reply(http({"error": {"message": message}}, status=400))
    server.reply(STREAM, piece("stop", content="Hello"), DONE)

    for _ in range(2):
        assert model.answer(request(effort="low", on_text=lambda _: None)).text == "Hello"

    assert [field in one.body for one in server.received] == [True, False, False]
    assert pauses == []
