"""Turns with remote tools: MCP servers and HTTP APIs of an agent and a session."""

import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from shared.llm.port import ModelRequest
from tests.support.agents import new_agent, new_session, say
from tests.support.gateway import Gateway
from tests.support.mcp_server import McpServer, mcp_server, tool
from tests.support.raw_server import http, raw_server
from tests.support.storage import forget_process_state
from tests.support.turns import Model, Turns, answers, call, payloads, session, text, types
from tests.unit.agents.http_turn import document

SECRET = "top-secret-7f3a"


@pytest.fixture(autouse=True)
def _hosts(api: Gateway, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("OUTGOING_HOSTS", "127.0.0.1")
    forget_process_state()
    yield
    forget_process_state()


@pytest.fixture
def server() -> Iterator[McpServer]:
    with mcp_server() as running:
        yield running


def opened(api: Gateway, *capabilities: dict[str, Any], **of_session: Any) -> str:
    """Return the id of a session of an agent with capabilities."""
    agent = new_agent(api, capabilities=list(capabilities))["id"]
    return str(new_session(api, agent_id=agent, **of_session)["id"])


def mcp(url: str, **config: Any) -> dict[str, Any]:
    return {"ref": "mcp:weather", "config": {"url": url, **config}}


def asked(api: Gateway, session_id: str, model: Model) -> None:
    say(api, session_id, "How is the weather?")
    Turns(model).run()


def test_turn_answers_through_an_mcp_server(api: Gateway, server: McpServer) -> None:
    model = Model(call("forecast", city="Oslo"), text("It is sunny."))
    session_id = opened(api, {"ref": "calculator"}, mcp(server.url))

    asked(api, session_id, model)

    [completed] = payloads(api, session_id, "tool.completed")
    assert completed["result"] == [{"type": "text", "text": "Sunny in Oslo"}]
    assert completed["tool_name"] == "forecast"
    assert server.calls == [("forecast", {"city": "Oslo"})]
    assert [text for _, text in answers(api, session_id)][-1] == "It is sunny."
    names = [one.name for one in model.requests[0].tools]
    assert names[:3] == ["calculator", "forecast", "structured"]


def test_turn_answers_through_an_http_api_of_the_session(api: Gateway) -> None:
    with raw_server(lambda _: [http('{"ok":1}', content_type="application/json")]) as shop:
        config = {"document": document(), "server": shop.url}
        session_id = opened(api, capabilities=[{"ref": "http", "config": config}])
        asked(api, session_id, Model(call("delete_order", id="../a"), text("Done.")))
    [completed] = payloads(api, session_id, "tool.completed")
    assert completed["result"] == [{"type": "text", "text": '{"ok":1}'}]
    assert shop.requests[0].startswith(b"DELETE /orders/..%2Fa HTTP")


def test_failing_tool_call_does_not_fail_the_turn(api: Gateway, server: McpServer) -> None:
    session_id = opened(api, mcp(server.url))
    asked(api, session_id, Model(call("fails"), text("Sorry.")))
    [completed] = payloads(api, session_id, "tool.completed")
    assert (completed["success"], completed["error"]) == (False, "no such city")
    assert types(api, session_id)[-2:] == ["turn.completed", "session.idled"]


def test_server_that_is_down_fails_the_turn_with_what_to_do(api: Gateway) -> None:
    with mcp_server() as gone:
        session_id = opened(api, mcp(gone.url))
    model = Model(text("I need no tools."))

    asked(api, session_id, model)

    [failed] = payloads(api, session_id, "turn.failed")
    assert failed["error"] == (
        "The tools of mcp:weather are unavailable: 127.0.0.1: cannot be reached."
    )
    assert (failed["error_code"], failed["retryable"]) == ("tools_unavailable", True)
    assert session(api, session_id)["status"] == "idle"
    assert not model.requests


def test_10_000_tools_fail_the_turn_until_some_are_named(api: Gateway) -> None:
    with mcp_server([tool(f"tool_{n}") for n in range(10_000)]) as server:
        session_id = opened(api, mcp(server.url))
        asked(api, session_id, Model(text("Hello")))
        [failed] = payloads(api, session_id, "turn.failed")
        assert "lists more than 128 tools" in failed["error"]
        assert (failed["error_code"], failed["retryable"]) == ("tools_unavailable", False)

        named = opened(api, mcp(server.url, tools=["tool_9"]))
        asked(api, named, Model(call("tool_9"), text("Hello")))
        assert payloads(api, named, "tool.completed")[0]["success"]


def test_slow_server_fails_within_the_turns_time(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TURN_TIMEOUT_SECONDS", "1")
    forget_process_state()

    def silence(_: bytes) -> Iterator[bytes]:
        time.sleep(4)
        yield b""

    with raw_server(silence) as server:
        session_id = opened(api, mcp(server.url))
        started = time.monotonic()
        asked(api, session_id, Model(text("Hello")))
    assert time.monotonic() - started < 3.5
    [failed] = payloads(api, session_id, "turn.failed")
    assert "no complete answer" in failed["error"]


def test_redirect_to_the_metadata_address_fails_the_turn(api: Gateway) -> None:
    redirect = http(status="307 Temporary Redirect", location="http://169.254.169.254/latest")
    with raw_server(lambda _: [redirect]) as server:
        session_id = opened(api, mcp(server.url))
        asked(api, session_id, Model(text("Hello")))
    [failed] = payloads(api, session_id, "turn.failed")
    assert "redirects to 169.254.169.254; redirects are not followed" in failed["error"]


def test_secret_of_the_organization_is_sent_and_in_no_event(
    api: Gateway, server: McpServer, capsys: pytest.CaptureFixture[str]
) -> None:
    name = f"/agent-sessions/{api.organization_id}/weather"
    boto3.client("ssm").put_parameter(Name=name, Value=SECRET, Type="SecureString")
    session_id = opened(api, mcp(server.url, secret="weather", tools=["echo.headers"]))

    def echo(request: ModelRequest) -> Any:
        return call(request.tools[0].name)

    asked(api, session_id, Model(echo, text("Done.")))

    assert server.headers[-1]["authorization"] == f"Bearer {SECRET}"
    everything = api("GET", f"/v1/sessions/{session_id}/events").text
    assert "[secret]" in everything
    assert SECRET not in everything
    assert SECRET not in "".join(capsys.readouterr())


def test_secret_of_another_organization_is_out_of_reach(
    api: Gateway, other_api: Gateway, server: McpServer
) -> None:
    name = f"/agent-sessions/{other_api.organization_id}/weather"
    boto3.client("ssm").put_parameter(Name=name, Value=SECRET, Type="SecureString")
    session_id = opened(api, mcp(server.url, secret="weather"))
    asked(api, session_id, Model(text("Hello")))
    [failed] = payloads(api, session_id, "turn.failed")
    assert failed["error"] == (
        "The tools of mcp:weather are unavailable: the secret weather cannot be read or is empty."
    )
    assert not server.methods


def test_turn_without_remote_tools_loads_nothing_for_them(api: Gateway) -> None:
    """Most turns, and all other functions, pay nothing for the packages of the layer."""
    code = (
        "import sys, functions.triggers.run_turn, functions.agents.create; "
        "print([one for one in sys.modules if one.split('.')[0] in "
        "('mcp', 'httpx2', 'mcp_types') or one.startswith(('shared.egress', "
        "'shared.secrets', 'shared.agents.tools.remote'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
