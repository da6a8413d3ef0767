"""Bedrock provider: Converse requests and responses, validated by botocore's stub."""

import base64
from typing import Any

import pytest

from shared.core.ids import ModelId
from shared.llm.bedrock import BedrockModel
from shared.llm.bedrock_messages import converse_arguments
from shared.llm.port import ChatMessage, ModelFailed, TokenUsage, ToolCall, ToolSpecification
from shared.llm.registry import Model
from shared.llm.wiring import language_model
from tests.support.storage import forget_process_state, set_variables
from tests.unit.llm.stubbed_bedrock import NAME, Stubbed, request, response

PIXEL = base64.b64encode(b"\x89PNG").decode()


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
