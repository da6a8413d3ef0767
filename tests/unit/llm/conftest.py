"""Models of the providers' tests: of a chat server (OpenAI), and of stubbed responses (Bedrock)."""

from collections.abc import Iterator
from typing import Any

import pytest

from shared.llm.openai import OpenAIModel
from shared.llm.port import ChatMessage, ModelRequest, ToolSpecification
from tests.support.chat_server import ChatServer, chat_server
from tests.unit.llm.stubbed_bedrock import Stubbed

HI = ChatMessage("user", ({"type": "text", "text": "hi"},))
CALCULATOR = ToolSpecification(
    "calculator", "Works out", {"type": "object", "properties": {"expression": {"type": "string"}}}
)
SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}},
    "required": ["name"],
    "additionalProperties": False,
}


def request(*messages: ChatMessage, **fields: Any) -> ModelRequest:
    fields = {"system_prompt": "", "time_limit": 5.0, **fields}
    return ModelRequest(model="org/model:8b", messages=messages or (HI,), **fields)


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


@pytest.fixture
def pauses() -> list[float]:
    """The pauses before retries, which take no time here."""
    return []


@pytest.fixture
def model(server: ChatServer, pauses: list[float]) -> OpenAIModel:
    return OpenAIModel(server.url, lambda: "key-of-the-test", sleep=pauses.append)


@pytest.fixture
def stubbed() -> Stubbed:
    return Stubbed()
