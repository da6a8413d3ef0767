"""Remote tools on the deployed stack: a real MCP server on this machine, with a secret."""

import io
import sys
from collections.abc import Iterator

import httpx
import pytest

from local import secret
from tests.integration.conftest import create, send_message
from tests.support.mcp_server import McpServer, mcp_server
from tests.support.running_stack import RunningStack, until

SECRET = "top-secret-7f3a"


@pytest.fixture
def server() -> Iterator[McpServer]:
    with mcp_server() as running:
        yield running


def texts(http: httpx.Client, session: str) -> list[str]:
    """Return the texts of the agent's messages; its first one is a call without a text."""
    messages = http.get(f"/v1/sessions/{session}/messages").json()["data"]
    parts = [part for one in messages if one["role"] == "agent" for part in one["content"]]
    return [part["text"] for part in parts if part["type"] == "text"]


def test_agent_answers_through_an_mcp_server(
    stack: RunningStack,
    http: httpx.Client,
    server: McpServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given: a secret of the local organization, and an agent that names it
    place = ["--port", str(stack.local.port), "--home", str(stack.local.home)]
    monkeypatch.setattr(sys, "argv", ["secret", "--name", "weather", *place])
    monkeypatch.setattr(sys, "stdin", io.StringIO(SECRET))
    secret._main()
    capability = {"ref": "mcp:weather", "config": {"url": server.url, "secret": "weather"}}
    agent = create(
        http, "/v1/agents", name="Ada", system_prompt="You help.", capabilities=[capability]
    )
    session = create(http, "/v1/sessions", agent_id=agent)

    # When: a message asks for the tool
    send_message(http, session, '[call forecast {"city": "Oslo"}]')
    until(lambda: "Sunny in Oslo" in texts(http, session))

    # Then: the server was called with the secret, which no event has
    assert server.calls == [("forecast", {"city": "Oslo"})]
    assert server.headers[-1]["authorization"] == f"Bearer {SECRET}"
    assert SECRET not in http.get(f"/v1/sessions/{session}/events").text
