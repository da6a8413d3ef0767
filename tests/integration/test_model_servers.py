"""Provider `openai` against servers of others: llama.cpp with a tiny model, LiteLLM's proxy."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from shared.llm.health import probe
from shared.llm.openai import OpenAIModel
from shared.llm.port import (
    ChatMessage,
    ModelAnswer,
    ModelFailed,
    ModelRequest,
    ToolCall,
    ToolSpecification,
)
from tests.support.model_servers import ModelServer, litellm_proxy, llama_server

HI = ChatMessage("user", ({"type": "text", "text": "hi"},))
CALCULATOR = ToolSpecification(
    "calculator", "Works out", {"type": "object", "properties": {"expression": {"type": "string"}}}
)
SCHEMA = {
    "type": "object",
    "properties": {"done": {"type": "boolean"}},
    "required": ["done"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelServer]:
    with llama_server(tmp_path_factory.mktemp("llama")) as server:
        yield server


@pytest.fixture(scope="module")
def litellm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelServer]:
    with litellm_proxy(tmp_path_factory.mktemp("litellm")) as server:
        yield server


def ask(
    server: ModelServer, *messages: ChatMessage, model: str = "tiny", **fields: Any
) -> ModelAnswer:
    request = ModelRequest(
        model=model, **{"system_prompt": "You help.", "messages": messages or (HI,), **fields}
    )
    return OpenAIModel(server.url, lambda: server.key, sleep=lambda _: None).answer(request)


# -------------------------------------------------------------------------------- llama.cpp
def test_llama_answers_with_usage(llama: ModelServer) -> None:
    answer = ask(llama)
    assert answer.text == "Hello there."
    assert answer.usage.input_tokens + answer.usage.cache_read_tokens > 10
    assert answer.usage.output_tokens == 3


def test_llama_streams_with_usage(llama: ModelServer) -> None:
    heard: list[str] = []
    answer = ask(llama, on_text=heard.append)
    assert heard == ["Hello", "Hello there."]
    assert (answer.text, answer.usage.output_tokens) == ("Hello there.", 3)


@pytest.mark.parametrize("is_streamed", [False, True])
def test_llama_calls_a_tool_and_uses_its_result(llama: ModelServer, *, is_streamed: bool) -> None:
    fields: dict[str, Any] = {"tools": (CALCULATOR,), "effort": "low"}
    if is_streamed:
        fields["on_text"] = lambda _: None
    [call] = ask(llama, **fields).tool_calls
    assert (call.name, call.arguments) == ("calculator", {"expression": "127 * 49"})
    assert call.error is None

    asked = {"type": "tool_call", "id": call.id, "name": call.name, "arguments": call.arguments}
    result = {"type": "tool_result", "tool_call_id": call.id, "result": 6223}
    conversation = (HI, ChatMessage("agent", (asked,)), ChatMessage("tool_result", (result,)))
    assert ask(llama, *conversation, **fields).text == "127 * 49 is 6223."


def test_llama_keeps_to_a_schema(llama: ModelServer) -> None:
    """Its grammar leads the model, whose own answer is no JSON."""
    answer = json.loads(ask(llama, output_schema=SCHEMA).text)
    assert isinstance(answer["done"], bool)


def test_llama_is_reachable(llama: ModelServer) -> None:
    assert probe(llama.url) is None


def test_llama_that_takes_too_long_fails_in_time(llama: ModelServer) -> None:
    started = time.monotonic()
    with pytest.raises(ModelFailed, match="no answer in time") as failed:
        ask(llama, time_limit=0.0005)
    assert time.monotonic() - started < 1
    assert failed.value.retryable


def test_stopped_llama_fails_with_what_was_tried(tmp_path_factory: pytest.TempPathFactory) -> None:
    with llama_server(tmp_path_factory.mktemp("stopped")) as server:
        assert ask(server).text == "Hello there."
    with pytest.raises(ModelFailed, match="4 attempts in 0 s; last error: connection refused"):
        ask(server)
    assert "does not answer" in str(probe(server.url))


# ---------------------------------------------------------------------------------- LiteLLM
def test_litellm_answers_with_usage(litellm: ModelServer) -> None:
    answer = ask(litellm, model="mock")
    assert answer.text == "Hello from the mock."
    assert answer.usage.output_tokens > 0


def test_litellm_streams_with_usage(litellm: ModelServer) -> None:
    heard: list[str] = []
    answer = ask(litellm, model="mock", on_text=heard.append)
    assert answer.text == heard[-1] == "Hello from the mock."
    assert len(heard) > 3
    assert answer.usage.output_tokens > 0


def test_litellm_calls_a_tool(litellm: ModelServer) -> None:
    answer = ask(litellm, model="mock-tools", tools=(CALCULATOR,))
    assert answer.tool_calls == (ToolCall("call_1", "calculator", {"expression": "2+2"}),)


def test_litellm_passes_a_schema_on(litellm: ModelServer) -> None:
    assert json.loads(ask(litellm, model="mock-json", output_schema=SCHEMA).text) == {"name": "Ada"}


def test_litellm_that_takes_too_long_fails_in_time(litellm: ModelServer) -> None:
    started = time.monotonic()
    with pytest.raises(ModelFailed, match="no answer in time") as failed:
        ask(litellm, model="mock-slow", time_limit=1)
    assert time.monotonic() - started < 3
    assert failed.value.retryable


@pytest.mark.parametrize(("model", "status"), [("mock-busy", 429), ("mock-broken", 500)])
def test_litellm_in_trouble_is_retried_and_fails(
    litellm: ModelServer, model: str, status: int
) -> None:
    with pytest.raises(ModelFailed, match=rf"4 attempts in \d+ s; last answer: {status}") as failed:
        ask(litellm, model=model)
    assert failed.value.retryable


def test_litellm_with_a_dead_server_behind_it_fails(litellm: ModelServer) -> None:
    with pytest.raises(ModelFailed, match="does not answer: 4 attempts") as failed:
        ask(litellm, model="dead")
    assert failed.value.retryable


def test_litellm_without_the_model_says_so(litellm: ModelServer) -> None:
    with pytest.raises(ModelFailed, match=r"rejects the request \(4\d\d\)") as failed:
        ask(litellm, model="none")
    assert not failed.value.retryable


def test_litellm_refuses_a_wrong_key(litellm: ModelServer) -> None:
    """Without a database it answers 400; a refusal is no sign that the server is down."""
    with pytest.raises(ModelFailed, match=r"rejects the request \(400\)") as failed:
        ask(ModelServer(litellm.url, "sk-wrong"), model="mock")
    assert not failed.value.retryable
    assert "sk-wrong" not in failed.value.reason
    assert probe(litellm.url) is None
