"""Bedrock provider: Converse requests and responses, validated by botocore's stub."""

import base64
from itertools import count
from typing import Any

import boto3
import pytest
from botocore.exceptions import ConnectTimeoutError
from botocore.stub import Stubber

from shared.core.ids import ModelId
from shared.llm.bedrock import BedrockModel
from shared.llm.port import (
    ChatMessage,
    ModelFailed,
    ModelRequest,
    TokenUsage,
    ToolCall,
    ToolSpecification,
)
from shared.llm.registry import Model
from shared.llm.wiring import language_model
from tests.support.storage import forget_process_state, set_variables

NAME = "anthropic.claude-sonnet-4-5-20250929-v1:0"
PIXEL = base64.b64encode(b"\x89PNG").decode()
HI = ChatMessage("user", ({"type": "text", "text": "hi"},))
HI_MESSAGE = {"role": "user", "content": [{"text": "hi"}]}


def request(*messages: ChatMessage, **fields: Any) -> ModelRequest:
    fields = {"system_prompt": "", **fields}
    return ModelRequest(model=NAME, messages=messages or (HI,), **fields)


def response(*content: dict[str, Any], **usage: int) -> dict[str, Any]:
    uses_tool = any("toolUse" in block for block in content)
    return {
        "output": {"message": {"role": "assistant", "content": list(content)}},
        "stopReason": "tool_use" if uses_tool else "end_turn",
        "usage": {"inputTokens": 10, "outputTokens": 5, "totalTokens": 15, **usage},
        "metrics": {"latencyMs": 321},
    }


class Stubbed:
    """Bedrock with prepared responses, and a clock that sleeping advances."""

    def __init__(self) -> None:
        client = boto3.client(
            "bedrock-runtime", "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
        )
        self.stub = Stubber(client)
        self.stub.activate()
        self.pauses: list[float] = []
        self.model = BedrockModel(client, self._sleep, lambda: sum(self.pauses))

    def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def expect(self, response: dict[str, Any], **arguments: Any) -> None:
        expected = {"modelId": NAME, "messages": [HI_MESSAGE], **arguments}
        self.stub.add_response("converse", response, expected)

    def fail(self, code: str, status: int = 400) -> None:
        self.stub.add_client_error("converse", code, "as AWS words it", status)


@pytest.fixture
def stubbed() -> Stubbed:
    return Stubbed()


def test_answer_has_text_and_usage(stubbed: Stubbed) -> None:
    hello = response({"text": "Hello"}, cacheReadInputTokens=7, cacheWriteInputTokens=3)
    stubbed.expect(hello, system=[{"text": "Be kind."}])

    answer = stubbed.model.answer(request(system_prompt="Be kind."))

    assert answer.text == "Hello"
    assert answer.tool_calls == ()
    assert answer.usage == TokenUsage(
        input_tokens=10, output_tokens=5, cache_read_tokens=7, cache_creation_tokens=3
    )


def test_tools_are_offered_and_tool_calls_returned(stubbed: Stubbed) -> None:
    schema = {"type": "object", "properties": {"expression": {"type": "string"}}}
    use = {"toolUseId": "tooluse_1", "name": "calculator", "input": {"expression": "2+2"}}
    specification = {
        "name": "calculator",
        "description": "Works out",
        "inputSchema": {"json": schema},
    }
    stubbed.expect(
        response({"text": "Let me see."}, {"toolUse": use}),
        toolConfig={"tools": [{"toolSpec": specification}]},
    )

    tools = (ToolSpecification("calculator", "Works out", schema),)
    answer = stubbed.model.answer(request(tools=tools))

    assert answer.text == "Let me see."
    assert answer.tool_calls == (ToolCall("tooluse_1", "calculator", {"expression": "2+2"}),)


def test_conversation_is_mapped_to_alternating_roles(stubbed: Stubbed) -> None:
    call = {"type": "tool_call", "id": "t1", "name": "calculator", "arguments": {"e": "2+2"}}
    worked = {"type": "tool_result", "tool_call_id": "t1", "result": {"value": 4}}
    failed = {"type": "tool_result", "tool_call_id": "t2", "error": "no"}
    images = (
        {"type": "image", "base64": PIXEL, "media_type": "image/png"},
        {"type": "image", "url": "https://example.com/a.png"},
        {"type": "image", "base64": "***", "media_type": "image/png"},
        {"type": "image", "base64": PIXEL, "media_type": "image/tiff"},
        {"type": "image_file", "image_id": "i1", "filename": "b.png"},
    )
    messages = (
        ChatMessage("user", ({"type": "text", "text": "look"},)),
        ChatMessage("user", images),
        ChatMessage("agent", ({"type": "text", "text": " "}, call)),
        ChatMessage("tool_result", (worked, failed)),
    )
    use = {"toolUseId": "t1", "name": "calculator", "input": {"e": "2+2"}}
    done = {"toolUseId": "t1", "content": [{"text": '{"value":4}'}], "status": "success"}
    error = {"toolUseId": "t2", "content": [{"text": "no"}], "status": "error"}
    unreadable = {"text": "[an image that cannot be read]"}
    expected = [
        {
            "role": "user",
            "content": [
                {"text": "look"},
                {"image": {"format": "png", "source": {"bytes": b"\x89PNG"}}},
                {"text": "[image at https://example.com/a.png]"},
                unreadable,
                unreadable,
                {"text": "[image file b.png]"},
            ],
        },
        {"role": "assistant", "content": [{"text": "(nothing)"}, {"toolUse": use}]},
        {"role": "user", "content": [{"toolResult": done}, {"toolResult": error}]},
    ]
    stubbed.expect(response({"text": "4"}), messages=expected)

    assert stubbed.model.answer(request(*messages)).text == "4"
    stubbed.stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ThrottlingException", 429),
        ("ModelTimeoutException", 408),
        ("ModelNotReadyException", 429),
        ("InternalServerException", 500),
        ("ServiceUnavailableException", 503),
    ],
)
def test_transient_error_is_retried_after_a_pause(stubbed: Stubbed, code: str, status: int) -> None:
    stubbed.fail(code, status)
    stubbed.expect(response({"text": "Hello"}))

    assert stubbed.model.answer(request()).text == "Hello"
    assert len(stubbed.pauses) == 1
    assert 0 <= stubbed.pauses[0] <= 1


def test_lasting_throttling_raises_a_retryable_failure(stubbed: Stubbed) -> None:
    for _ in range(4):
        stubbed.fail("ThrottlingException", 429)

    with pytest.raises(ModelFailed, match="too many requests") as failed:
        stubbed.model.answer(request())
    assert failed.value.retryable
    assert len(stubbed.pauses) == 3
    stubbed.stub.assert_no_pending_responses()


def test_expired_time_limit_prevents_a_retry(stubbed: Stubbed) -> None:
    stubbed.fail("ThrottlingException", 429)
    with pytest.raises(ModelFailed):
        stubbed.model.answer(request(time_limit=0))
    assert stubbed.pauses == []


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDeniedException", "not allowed"),
        ("ValidationException", "rejects"),
        ("ResourceNotFoundException", "does not exist"),
        ("ModelErrorException", "failed"),
        ("SomethingNewException", "rejected"),
    ],
)
def test_permanent_error_is_not_retried(stubbed: Stubbed, code: str, message: str) -> None:
    stubbed.fail(code)
    with pytest.raises(ModelFailed, match=message) as failed:
        stubbed.model.answer(request())
    assert not failed.value.retryable
    assert "as AWS words it" not in failed.value.reason
    assert stubbed.pauses == []


def test_connection_failure_is_retried_and_retryable(
    stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = count(1)

    def silent(**_: Any) -> None:
        next(tries)
        raise ConnectTimeoutError(endpoint_url="https://bedrock")

    monkeypatch.setattr(stubbed.stub.client, "converse", silent)
    with pytest.raises(ModelFailed, match="does not answer") as failed:
        stubbed.model.answer(request())
    assert failed.value.retryable
    assert next(tries) == 5


def test_request_that_the_sdk_rejects_is_not_retried(stubbed: Stubbed) -> None:
    result = {"type": "tool_result", "tool_call_id": 5, "result": "the id is not a string"}
    with pytest.raises(ModelFailed, match="rejected the request") as failed:
        stubbed.model.answer(request(HI, ChatMessage("tool_result", (result,))))
    assert not failed.value.retryable
    assert stubbed.pauses == []


def test_client_does_not_retry_and_waits_for_the_turn_timeout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_variables(monkeypatch, TABLE_NAME="t", TURN_TIMEOUT_SECONDS="33")
    forget_process_state()
    model = language_model(Model(ModelId.new(), "bedrock", NAME))
    forget_process_state()
    assert isinstance(model, BedrockModel)
    assert model._client.meta.config.retries["total_max_attempts"] == 1
    assert model._client.meta.config.read_timeout == 33


def test_unknown_provider_raises_a_permanent_failure() -> None:
    with pytest.raises(ModelFailed, match="no provider 'oracle'") as failed:
        language_model(Model(ModelId.new(), "oracle", "delphi"))
    assert not failed.value.retryable
