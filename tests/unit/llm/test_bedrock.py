"""Bedrock provider: Converse requests and responses, validated by botocore's stub."""

import base64
from itertools import count
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ConnectTimeoutError, EventStreamError
from botocore.stub import Stubber
from urllib3.exceptions import ProtocolError

from shared.core.ids import ModelId
from shared.llm.bedrock import BedrockModel
from shared.llm.bedrock_messages import converse_arguments
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
    stubbed.expect(
        response({"text": "4"}), messages=expected, toolConfig=former_tools("calculator")
    )

    assert stubbed.model.answer(request(*messages)).text == "4"
    stubbed.stub.assert_no_pending_responses()


def former_tools(*names: str) -> dict[str, Any]:
    """Tools of a request that offers none, and whose conversation has calls of these."""
    description = "Not available any more; do not call it."
    schema = {"json": {"type": "object"}}
    specifications = [
        {"name": name, "description": description, "inputSchema": schema} for name in names
    ]
    return {"tools": [{"toolSpec": one} for one in specifications]}


@pytest.mark.parametrize(
    "empty", [{"error": ""}, {"error": " \n"}, {"result": " "}, {"result": ""}]
)
def test_empty_tool_result_has_a_placeholder(empty: dict[str, Any]) -> None:
    call = {"type": "tool_call", "id": "t1", "name": "calculator", "arguments": {}}
    answered = {"type": "tool_result", "tool_call_id": "t1", **empty}
    messages = (ChatMessage("agent", (call,)), ChatMessage("tool_result", (answered,)))

    [*_, last] = converse_arguments(request(*messages))["messages"]

    assert last["content"][0]["toolResult"]["content"] == [{"text": "(nothing)"}]


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


SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
ANSWER_TOOL = {
    "toolSpec": {
        "name": "answer",
        "description": "Gives the answer.",
        "inputSchema": {"json": SCHEMA},
    }
}
FORCED = {"toolChoice": {"tool": {"name": "answer"}}}
TASK = [{"text": "Be kind.\n\nGive your answer by calling the tool answer."}]


def test_structured_output_is_a_tool_that_must_be_called(stubbed: Stubbed) -> None:
    use = {"toolUseId": "t", "name": "answer", "input": {"name": "Ada"}}
    tool_config = {"tools": [ANSWER_TOOL], **FORCED}
    stubbed.expect(
        response({"text": "Here."}, {"toolUse": use}), toolConfig=tool_config, system=TASK
    )

    answer = stubbed.model.answer(request(system_prompt="Be kind.", output_schema=SCHEMA))

    assert (answer.text, answer.tool_calls) == ('{"name":"Ada"}', ())


def test_model_that_cannot_be_forced_is_asked(stubbed: Stubbed) -> None:
    stubbed.stub.add_client_error(
        "converse", "ValidationException", "This model doesn't support the toolConfig.toolChoice."
    )
    for _ in range(2):
        stubbed.expect(
            response({"text": '{"name": "Ada"}'}),
            toolConfig={"tools": [ANSWER_TOOL]},
            system=TASK,
        )
        answer = stubbed.model.answer(request(system_prompt="Be kind.", output_schema=SCHEMA))
        assert answer.text == '{"name": "Ada"}'
    assert stubbed.pauses == []


@pytest.mark.parametrize("reason", ["content_filtered", "guardrail_intervened"])
def test_withheld_answer_fails(stubbed: Stubbed, reason: str) -> None:
    stubbed.expect(response({"text": "It is"}) | {"stopReason": reason})
    with pytest.raises(ModelFailed, match="content filter withheld"):
        stubbed.model.answer(request())


def test_cut_answer_says_so(stubbed: Stubbed) -> None:
    stubbed.expect(response({"text": "It is"}) | {"stopReason": "max_tokens"})
    assert stubbed.model.answer(request()).is_cut


class Stream(list[dict[str, Any]]):
    """Event stream of the SDK."""

    is_closed = False

    def close(self) -> None:
        self.is_closed = True


def text_delta(text: str, index: int = 0) -> dict[str, Any]:
    return {"contentBlockDelta": {"contentBlockIndex": index, "delta": {"text": text}}}


def tool_use(index: int, *inputs: str) -> list[dict[str, Any]]:
    start = {"toolUse": {"toolUseId": f"t{index}", "name": "calculator"}}
    return [
        {"contentBlockStart": {"contentBlockIndex": index, "start": start}},
        *(
            {
                "contentBlockDelta": {
                    "contentBlockIndex": index,
                    "delta": {"toolUse": {"input": text}},
                }
            }
            for text in inputs
        ),
    ]


END: list[dict[str, Any]] = [
    {"messageStop": {"stopReason": "end_turn"}},
    {"metadata": {"usage": {"inputTokens": 3, "outputTokens": 2}, "metrics": {"latencyMs": 1}}},
]


def streaming(stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch, *events: dict[str, Any]) -> Stream:
    stream = Stream(events)
    answers = {"converse_stream": lambda **_: {"stream": stream}}
    monkeypatch.setattr(stubbed.model, "_client", SimpleNamespace(**answers))
    return stream


def test_streamed_text_is_handed_on(stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = [*tool_use(1, '{"e": ', '"2+2"}'), *tool_use(2), *tool_use(3, '{"e')]
    stream = streaming(
        stubbed, monkeypatch, text_delta("Hel"), text_delta(""), text_delta("lo"), *calls, *END
    )
    heard: list[str] = []

    answer = stubbed.model.answer(request(on_text=heard.append))

    assert heard == ["Hel", "Hello"]
    assert answer.text == "Hello"
    first, second, third = answer.tool_calls
    assert (first, second) == (
        ToolCall("t1", "calculator", {"e": "2+2"}),
        ToolCall("t2", "calculator", {}),
    )
    assert "no JSON object" in str(third.error)
    assert answer.usage == TokenUsage(input_tokens=3, output_tokens=2)
    assert stream.is_closed


def test_exception_of_the_listener_stops_the_stream(
    stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = streaming(stubbed, monkeypatch, text_delta("Hel"), *END)

    def stop(text: str) -> None:
        raise KeyError(text)

    with pytest.raises(KeyError, match="Hel"):
        stubbed.model.answer(request(on_text=stop))
    assert stream.is_closed


def test_stream_that_ends_early_fails(stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch) -> None:
    streaming(stubbed, monkeypatch, text_delta("Hel"))
    with pytest.raises(ModelFailed, match="broke off") as failed:
        stubbed.model.answer(request(on_text=lambda _: None))
    assert failed.value.retryable


def test_slow_stream_is_stopped_at_the_time_limit(
    stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    streaming(stubbed, monkeypatch, *(text_delta("word ") for _ in range(100)))
    with pytest.raises(ModelFailed, match="in time") as failed:
        stubbed.model.answer(request(on_text=lambda _: stubbed.pauses.append(1), time_limit=10))
    assert failed.value.retryable
    assert len(stubbed.pauses) == 10


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            EventStreamError({"Error": {"Code": "throttlingException"}}, "ConverseStream"),
            "too many",
        ),
        (ProtocolError("the connection broke"), "does not answer"),
    ],
)
def test_error_within_a_stream_fails_without_repeating_text(
    stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    class Broken(Stream):
        def __iter__(self) -> Any:
            yield text_delta("Hel")
            raise error

    heard: list[str] = []
    answers = {"converse_stream": lambda **_: {"stream": Broken()}}
    monkeypatch.setattr(stubbed.model, "_client", SimpleNamespace(**answers))
    with pytest.raises(ModelFailed, match=words) as failed:
        stubbed.model.answer(request(on_text=heard.append))
    assert failed.value.retryable
    assert heard == ["Hel"]


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


def test_arguments_that_take_too_long_are_stopped(
    stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    piece = {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"toolUse": {"input": " "}}}}
    stream = streaming(stubbed, monkeypatch, *[piece] * 100)
    monkeypatch.setattr(stubbed.model, "_monotonic", count().__next__)
    with pytest.raises(ModelFailed, match="in time"):
        stubbed.model.answer(request(on_text=lambda _: None, time_limit=20))
    assert stream.is_closed
