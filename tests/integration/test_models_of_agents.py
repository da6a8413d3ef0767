"""Agents of the deployed stack with models of servers, and Bedrock as the emulator has it."""

from typing import Any

import httpx
import pytest

from local.aws import client
from local.models import KEY_PARAMETER
from shared.llm.bedrock import BedrockModel
from shared.llm.port import (
    ChatMessage,
    ModelAnswer,
    ModelFailed,
    ModelRequest,
    ToolCall,
    ToolSpecification,
)
from tests.integration.conftest import create, send_message
from tests.support.chat_server import chat_server, completion, tool_call
from tests.support.model_servers import llama_server
from tests.support.running_stack import MODEL_KEY, NOVA, TINY, RunningStack, until
from tests.support.storage import set_variables

HI = ChatMessage("user", ({"type": "text", "text": "hi"},))
CALCULATOR = ToolSpecification("calculator", "Works out", {"type": "object", "properties": {}})
SCHEMA = {"type": "object", "properties": {"expression": {"type": "string"}}}
NAME = "amazon.nova-lite-v1:0"


def open_session(http: httpx.Client, model: str) -> str:
    agent = create(
        http,
        "/v1/agents",
        name="Ada",
        system_prompt="Use the calculator.",
        default_model_id=model,
        capabilities=[{"ref": "calculator"}],
    )
    return create(http, "/v1/sessions", agent_id=agent)


def ended(http: httpx.Client, session: str) -> list[dict[str, Any]]:
    url = f"/v1/sessions/{session}/events?types=turn.completed&types=turn.failed"
    found: list[dict[str, Any]] = http.get(url).json()["data"]
    return found


def test_turn_with_a_dead_server_fails_with_what_was_tried(
    stack: RunningStack, http: httpx.Client
) -> None:
    session = open_session(http, TINY)
    send_message(http, session, "What is 127 * 49?")
    until(lambda: ended(http, session))

    [event] = ended(http, session)
    failed = event["data"]
    assert (failed["error_code"], failed["retryable"]) == ("model_unavailable", True)
    assert f"http://127.0.0.1:{stack.ports.model} does not answer: 4 attempts" in failed["error"]
    assert failed["error"].endswith("last error: connection refused.")


def test_agent_uses_a_tool_with_the_model_of_a_server(
    stack: RunningStack, http: httpx.Client, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The server wants the key, which the function reads from Parameter Store."""
    with llama_server(tmp_path_factory.mktemp("llama"), stack.ports.model, MODEL_KEY):
        session = open_session(http, TINY)
        send_message(http, session, "What is 127 * 49?")
        until(lambda: ended(http, session))
        listed = {one["id"]: one for one in http.get("/v1/models").json()["data"]}

    messages = http.get(f"/v1/sessions/{session}/messages").json()["data"]
    assert messages[-1]["content"] == [{"type": "text", "text": "127 * 49 is 6223."}]
    assert [one["role"] for one in messages] == ["user", "agent", "tool_result", "agent"]
    assert listed[TINY]["healthy"], listed[TINY]["health_reason"]
    assert (listed[TINY]["provider"], listed[TINY]["name"]) == ("openai", "tiny")


def test_agent_answers_with_a_model_of_bedrock(stack: RunningStack, http: httpx.Client) -> None:
    with chat_server(stack.ports.bedrock) as backend:
        backend.reply(completion("", tool_calls=[tool_call('{"expression": "2+2"}')]))
        backend.reply(completion("It is 4."))
        session = open_session(http, NOVA)
        send_message(http, session, "What is 2+2?")
        until(lambda: ended(http, session))

    messages = http.get(f"/v1/sessions/{session}/messages").json()["data"]
    assert messages[-1]["content"] == [{"type": "text", "text": "It is 4."}]


def test_key_is_kept_encrypted_in_parameter_store_only(stack: RunningStack) -> None:
    parameter = client(stack.local, "ssm").get_parameter(Name=KEY_PARAMETER, WithDecryption=False)
    assert parameter["Parameter"]["Type"] == "SecureString"
    assert parameter["Parameter"]["Value"] != MODEL_KEY
    logs = [stack.local.log_file, stack.local.endpoint_file, stack.local.home / "deploy.log"]
    assert not [file.name for file in logs if MODEL_KEY in file.read_text(errors="replace")]


# ------------------------------------------------------------ Bedrock, as the emulator has it
@pytest.fixture
def bedrock(stack: RunningStack, monkeypatch: pytest.MonkeyPatch) -> BedrockModel:
    set_variables(monkeypatch, credential="test", AWS_ENDPOINT_URL=stack.local.endpoint_url)
    return BedrockModel.connect(read_timeout=10)


def ask(bedrock: BedrockModel, *messages: ChatMessage, **fields: Any) -> ModelAnswer:
    asked = ModelRequest(
        model=NAME, **{"system_prompt": "You help.", "messages": messages or (HI,), **fields}
    )
    return bedrock.answer(asked)


def test_bedrock_answers_with_usage(bedrock: BedrockModel) -> None:
    answer = ask(bedrock)
    assert answer.text
    assert answer.usage.input_tokens > 0
    assert answer.usage.output_tokens > 0


def test_bedrock_streams_with_usage(bedrock: BedrockModel) -> None:
    heard: list[str] = []
    answer = ask(bedrock, on_text=heard.append)
    assert answer.text == heard[-1]
    assert len(heard) > 1
    assert answer.usage.output_tokens > 0


@pytest.mark.parametrize("is_streamed", [False, True])
def test_bedrock_calls_a_tool_and_uses_its_result(
    stack: RunningStack, bedrock: BedrockModel, *, is_streamed: bool
) -> None:
    call = {"type": "tool_call", "id": "t1", "name": "calculator", "arguments": {}}
    result = {"type": "tool_result", "tool_call_id": "t1", "result": 4}
    fields: dict[str, Any] = {"tools": (CALCULATOR,)}
    if is_streamed:
        fields["on_text"] = lambda _: None
    with chat_server(stack.ports.bedrock) as backend:
        backend.reply(completion("", tool_calls=[tool_call()]))
        backend.reply(completion("It is 4."))
        calls = ask(bedrock, **fields).tool_calls
        said = ask(
            bedrock,
            HI,
            ChatMessage("agent", (call,)),
            ChatMessage("tool_result", (result,)),
            **fields,
        )

    assert calls == (ToolCall("call_1", "calculator", {"expression": "2+2"}),)
    assert said.text == "It is 4."
    assert backend.received[0].body["tools"][0]["function"]["name"] == "calculator"


def test_bedrock_gives_structured_output_by_a_tool(
    stack: RunningStack, bedrock: BedrockModel
) -> None:
    structured = tool_call()
    structured["function"]["name"] = "answer"
    with chat_server(stack.ports.bedrock) as backend:
        backend.reply(completion("", tool_calls=[structured]))
        assert ask(bedrock, output_schema=SCHEMA).text == '{"expression":"2+2"}'


def test_bedrock_rejects_a_model_that_it_cannot_name(bedrock: BedrockModel) -> None:
    with pytest.raises(ModelFailed) as failed:
        bedrock.answer(
            ModelRequest(model="arn:aws:bedrock:nonsense", system_prompt="", messages=(HI,))
        )
    assert not failed.value.retryable


def test_bedrock_that_is_down_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    set_variables(monkeypatch, credential="test", AWS_ENDPOINT_URL="http://127.0.0.1:1")
    with pytest.raises(ModelFailed, match="does not answer") as failed:
        ask(BedrockModel.connect(read_timeout=2), time_limit=0.5)
    assert failed.value.retryable
