"""Capture by published programs: agents on frameworks, whose spans the OTLP exporters send.

Each program runs once, with a scripted model; three exporters send its spans, each in another
encoding and to another organization.
"""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import httpx
import pytest

from tests.integration.conftest import run_client
from tests.support.chat_server import chat_server, whole_completion
from tests.support.running_stack import PATIENCE, RunningStack, until

pytestmark = pytest.mark.environments("tracing")

ENCODINGS = ("protobuf", "protobuf+gzip", "json", "json+gzip")
FRAMEWORKS = ("pydantic-ai", "langchain", "openai", "openinference")
#: Content is exported only on demand, in the latest conventions.
CONTENT = {
    "OTEL_SEMCONV_STABILITY_OPT_IN": "gen_ai_latest_experimental",
    "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "span_only",
}
ANSWERS = ["A-17 is late. There is no A-19.", "You are welcome."]
TOLD = [
    "user: Where are A-17 and A-19?",
    "agent: Let me see.",
    'call: get_order {"order_id": "A-17"}',
    'call: get_order {"order_id": "A-19"}',
    'result: {"status": "late", "days": 2}',
    "result: no such order",
    "agent: A-17 is late. There is no A-19.",
    "user: Thank you!",
    "agent: You are welcome.",
]


def call(number: int, order: str) -> dict[str, Any]:
    function = {"name": "get_order", "arguments": json.dumps({"order_id": order})}
    return {"id": f"call_{number}", "type": "function", "function": function}


@pytest.fixture(scope="module")
def captured(stack: RunningStack) -> Callable[[str], dict[str, str]]:
    """Run a framework's program once; return the keys that it exported with, by encoding."""

    @cache
    def run(framework: str) -> dict[str, str]:
        keys = {encoding: stack.new_key().api_key for encoding in ENCODINGS}
        with chat_server() as model:
            model.reply(
                whole_completion("Let me see.", tool_calls=[call(1, "A-17"), call(2, "A-19")])
            )
            for text in ANSWERS:
                model.reply(whole_completion(text))
            found = run_client(
                "tracing",
                "traced_agents.py",
                framework,
                OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=f"{stack.api_url}/v1/traces",
                OTEL_EXPORTER_OTLP_TRACES_TIMEOUT=str(PATIENCE),
                OTEL_SERVICE_NAME="Order desk",
                OPENAI_BASE_URL=model.url,
                OPENAI_API_KEY="any",
                CONVERSATION_ID="conversation-1",
                EXPORTERS=json.dumps(keys),
                **CONTENT,
            )
        assert found == {"answers": ANSWERS, "flushed": True}
        return keys

    return run


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_exported_spans_of_an_agent_are_its_session(
    stack: RunningStack,
    captured: Callable[[str], dict[str, str]],
    framework: str,
    encoding: str,
) -> None:
    headers = {"x-api-key": captured(framework)[encoding]}
    with httpx.Client(base_url=stack.api_url, headers=headers, timeout=PATIENCE) as client:
        until(lambda: told(client) and told(client)[-1:] == TOLD[-1:])

        [session] = client.get("/v1/sessions").json()["data"]
        [agent] = client.get("/v1/agents").json()["data"]
        found = told(client)

    # The instrumentation of OpenAI's client puts the text of an answer behind its calls.
    assert (sorted(found) if framework == "openai" else found) == (
        sorted(TOLD) if framework == "openai" else TOLD
    )
    assert session["status"] == "idle"
    assert session["usage"] == {"input_tokens": 36, "output_tokens": 21}
    assert agent["name"] == "Order desk"
    assert agent["system_prompt"] == "You look after orders."


def told(client: httpx.Client) -> list[str]:
    """Return what the one session of an organization says, in order."""
    sessions = client.get("/v1/sessions").json()["data"]
    if not sessions:
        return []
    url = f"/v1/sessions/{sessions[0]['id']}/messages"
    return [line for message in client.get(url).json()["data"] for line in lines(message)]


def lines(message: dict[str, Any]) -> list[str]:
    found = []
    for part in message["content"]:
        match part["type"]:
            case "text":
                found.append(f"{message['role']}: {part['text']}")
            case "tool_call":
                found.append(f"call: {part['name']} {json.dumps(part['arguments'])}")
            case "tool_result":
                found.append(f"result: {part.get('error') or as_json(part['result'])}")
    return found


def as_json(result: Any) -> str:
    """Return a tool's result as JSON: some programs record an object, others its text."""
    return json.dumps(json.loads(result) if isinstance(result, str) else result)
