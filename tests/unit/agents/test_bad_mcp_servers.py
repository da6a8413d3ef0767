"""MCP servers that are slow, wrong or hostile, and what is told about them."""

import json
import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared.egress.hosts import AllowedHosts
from shared.llm.tool_names import acceptable, free_name
from tests.support.mcp_server import McpServer, mcp_server, weather_tools
from tests.support.raw_server import http, raw_server
from tests.unit.agents.mcp_turn import SECRET, Turn, call, unavailable


@pytest.fixture
def turn() -> Iterator[Turn]:
    started = Turn()
    started.opened = []
    yield started
    for one in started.opened:
        one.close()


@pytest.fixture
def server() -> Iterator[McpServer]:
    with mcp_server() as running:
        yield running


# ----------------------------------------------------------------------- bad servers
SLOW = "no complete answer"


def _slow(_: bytes) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"
    time.sleep(3)


def _rpc(request: bytes, result: Any) -> bytes:
    body = json.loads(request.partition(b"\r\n\r\n")[2])
    answer = {"jsonrpc": "2.0", "id": body.get("id"), "result": result}
    return http(json.dumps(answer), content_type="application/json")


INITIALIZED = {
    "protocolVersion": "2025-06-18",
    "capabilities": {"tools": {}},
    "serverInfo": {"name": "x", "version": "1"},
}


def _cut_listing(request: bytes) -> list[bytes]:
    if b"tools/list" in request:
        return [http('{"jsonrpc":"2.0","id":1,"result":{"to', content_type="application/json")]
    if b'"initialize"' in request:
        return [_rpc(request, INITIALIZED)]
    return [http(status="202 Accepted")]


def _wrong_listing(request: bytes) -> list[bytes]:
    if b"tools/list" in request:
        return [_rpc(request, {"tools": "none"})]
    return _cut_listing(request)


def _cut_events(request: bytes) -> list[bytes]:
    if b"tools/list" in request:
        return [http("data: {", content_type="text/event-stream")]
    return _cut_listing(request)


def _asking_events(request: bytes) -> list[bytes]:
    """Ask for many answers of a model instead of listing tools."""
    if b"tools/list" in request:
        asked = {"jsonrpc": "2.0", "id": "s", "method": "sampling/createMessage", "params": {}}
        events = f"data: {json.dumps(asked)}\n\n" * 60_000
        return [http(events, content_type="text/event-stream")]
    return _cut_listing(request)


def _endless_events(request: bytes) -> Iterator[bytes]:
    if b"tools/list" in request:
        yield b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
        while True:
            yield b": nothing\n" * 10_000
    yield from _cut_listing(request)


REDIRECT = http(status="307 Temporary Redirect", location="http://169.254.169.254/latest/meta-data")


@pytest.mark.parametrize(
    ("respond", "reason"),
    [
        (lambda _: [], "127.0.0.1: broke off the connection"),
        (lambda _: [b"nonsense"], "127.0.0.1: broke off the connection"),
        (_slow, SLOW),
        (lambda _: [http("<p>Hello</p>", content_type="text/html")], "Unexpected content type"),
        (lambda _: [http("{", content_type="application/json")], "not of the Model Context Proto"),
        (lambda _: [http("[]", content_type="application/json")], "not of the Model Context Proto"),
        (lambda _: [http("x", status="500 Oops")], "answered with status 500"),
        (lambda _: [http("", status="401 Unauthorized")], "answered with status 401"),
        (lambda _: [REDIRECT], "redirects to 169.254.169.254; redirects are not followed"),
        (lambda _: [http(b"x" * 9_000_000)], "sent more than 8,388,608 bytes"),
        (_cut_listing, "not of the Model Context Protocol"),
        (_wrong_listing, "not of the Model Context Protocol"),
        (_cut_events, "SSE stream ended"),
        (_asking_events, "sent more than 5,000 messages in one answer"),
        (_endless_events, "sent more than 8,388,608 bytes"),
    ],
)
def test_bad_server_makes_its_tools_unavailable(
    turn: Turn, respond: Callable[[bytes], list[bytes]], reason: str
) -> None:
    turn.seconds = 1 if reason == SLOW else 20
    with raw_server(respond) as server:
        failed = unavailable(turn, ("mcp:weather", {"url": f"{server.url}/mcp"}))
    assert failed.reason.startswith("The tools of mcp:weather are unavailable: ")
    assert reason in failed.reason
    assert failed.retryable
    assert len(failed.reason) < 300


def test_redirect_within_the_server_is_not_followed(turn: Turn, server: McpServer) -> None:
    """A call that is not repeatable must not act twice."""
    place = server.url.replace("/mcp", "/mcp/")
    assert "redirects are not followed" in unavailable(turn, ("mcp", {"url": place})).reason


# --------------------------------------------------------------------------- secrets
@pytest.mark.parametrize(
    ("header", "sent"),
    [({}, ("authorization", f"Bearer {SECRET}")), ({"header": "X-Key"}, ("x-key", SECRET))],
)
def test_secret_is_sent_and_never_shown(
    turn: Turn,
    server: McpServer,
    caplog: pytest.LogCaptureFixture,
    header: dict[str, str],
    sent: tuple[str, str],
) -> None:
    caplog.set_level(logging.DEBUG)
    tools = turn(("mcp", {"url": server.url, "secret": "weather", **header}))
    result = call(tools[acceptable("echo.headers")])
    assert server.headers[-1][sent[0]] == sent[1]
    assert SECRET not in result
    assert "[secret]" in result
    assert SECRET not in caplog.text


def test_server_that_echoes_the_secret_in_its_errors_does_not_show_it(turn: Turn) -> None:
    def echo(request: bytes) -> list[bytes]:
        error = {"code": 1, "message": request.decode()}
        body = {"jsonrpc": "2.0", "id": None, "error": error}
        return [http(json.dumps(body), "400 Bad Request", "application/json")]

    with raw_server(echo) as server:
        failed = unavailable(turn, ("mcp", {"url": server.url, "secret": "weather"}))
    assert "[secret]" in failed.reason
    assert SECRET not in failed.reason


def test_missing_secret_makes_the_tools_unavailable(turn: Turn, server: McpServer) -> None:
    failed = unavailable(turn, ("mcp", {"url": server.url, "secret": "other"}))
    assert failed.reason == ("The tools of mcp are unavailable: the secret other cannot be read.")
    assert not server.methods


def test_host_that_is_not_allowed_any_more_is_not_asked(turn: Turn, server: McpServer) -> None:
    turn.hosts = AllowedHosts()
    failed = unavailable(turn, ("mcp", {"url": server.url}))
    assert "OutgoingHosts must list it" in failed.reason
    assert not failed.retryable
    assert not server.methods


# ----------------------------------------------------------------------------- names
@pytest.mark.parametrize("name", ["a.b", "a b", "", "x" * 65, "\u00e9t\u00e9", "a/b"])
def test_refused_names_become_acceptable_and_distinct(name: str) -> None:
    assert acceptable(name) == acceptable(name)
    assert len(acceptable(name)) <= 64
    assert acceptable(name) != acceptable(name + "_")
    assert acceptable(acceptable(name)) == acceptable(name)


def test_taken_names_get_the_label_then_a_number() -> None:
    assert free_name("a", "w", set()) == "a"
    assert free_name("a", "w", {"a"}) == "w_a"
    assert free_name("a", "w", {"a", "w_a"}) == "w_a_2"


def test_weather_tools_have_distinct_names() -> None:
    assert len({one.name for one in weather_tools()}) == len(weather_tools())
