"""MCP servers as capabilities, against real servers on this machine."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.agents.agents.domain import CapabilityConfig
from shared.agents.files.staging import StagedFiles
from shared.agents.tools.listings import Listings
from shared.agents.tools.naming import acceptable, free_name
from shared.agents.tools.notes import Notes
from shared.agents.tools.remote import RemoteTools
from shared.agents.tools.remote_failure import RemoteFailed
from shared.agents.tools.tool import (
    AnyTool,
    ToolContext,
    ToolFailed,
    ToolPlace,
    ToolsUnavailable,
)
from shared.egress.hosts import AllowedHosts
from tests.support.mcp_server import McpServer, mcp_server, tool, weather_tools
from tests.support.raw_server import http, raw_server

LOOPBACK = AllowedHosts.parse("127.0.0.1")


def _no_files() -> StagedFiles:
    raise AssertionError("a remote tool reads no files")


CONTEXT = ToolContext(datetime(2026, 1, 1, tzinfo=UTC), Notes, _no_files)
SECRET = "top-secret-7f3a"


class Turn:
    """Remote tools of one turn of the organization."""

    def __init__(self) -> None:
        self.seconds = 20.0
        self.listings = Listings()
        self.hosts = LOOPBACK
        self.organization = "org_1"

    def __call__(self, *configured: tuple[str, dict[str, Any]], taken: tuple[str, ...] = ()) -> Any:
        self.remote = RemoteTools(
            self.organization,
            self.hosts,
            secret=self._secret,
            seconds=lambda: self.seconds,
            listings=self.listings,
        )
        self.opened.append(self.remote)
        return self.remote.tools([CapabilityConfig(*one) for one in configured], taken)

    opened: list[RemoteTools]

    def _secret(self, name: str) -> str:
        if name != "weather":
            raise RemoteFailed(f"the secret {name} cannot be read")
        return f"{SECRET}\n"


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


def call(found: AnyTool, **arguments: Any) -> Any:
    return found.call(arguments, CONTEXT)


def unavailable(turn: Turn, *configured: tuple[str, dict[str, Any]]) -> ToolsUnavailable:
    with pytest.raises(ToolsUnavailable) as failed:
        turn(*configured)
    return failed.value


# ------------------------------------------------------------------------------ calls
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"json_response": True},
        {"is_old": True},
        {"is_old": True, "json_response": True},
        {"is_old": True, "stateless_http": True},
    ],
    ids=["events", "json", "old", "old-json", "old-stateless"],
)
def test_tools_of_a_server_are_listed_and_called(turn: Turn, settings: dict[str, Any]) -> None:
    with mcp_server(**settings) as server:
        tools = turn(("mcp:weather", {"url": server.url}))
        assert call(tools["forecast"], city="Oslo") == "Sunny in Oslo"
        assert call(tools["structured"]) == {"celsius": 21.5}
        turn.remote.close()
    forecast = tools["forecast"].specification
    assert (forecast.name, forecast.description) == ("forecast", "Weather of a city.")
    assert forecast.parameters["required"] == ["city"]
    assert tools["forecast"].place is ToolPlace.REMOTE
    assert server.calls == [("forecast", {"city": "Oslo"}), ("structured", {})]
    assert "GET" not in server.methods


def test_hints_say_what_may_be_repeated(turn: Turn, server: McpServer) -> None:
    tools = turn(("mcp", {"url": server.url}))
    repeatable = {name for name, one in tools.items() if one.is_repeatable}
    assert repeatable == {"forecast", "structured"}


def test_names_are_acceptable_to_models_and_lead_back(turn: Turn, server: McpServer) -> None:
    tools = turn(("mcp", {"url": server.url}))
    [name] = [name for name in tools if name.startswith("echo")]
    assert name == acceptable("echo.headers")
    call(tools[name])
    assert server.calls == [("echo.headers", {})]


def test_content_that_is_no_text_is_described(turn: Turn, server: McpServer) -> None:
    tools = turn(("mcp", {"url": server.url}))
    assert call(tools["media"]).splitlines() == [
        "Two things:",
        "[image of type image/png, about 9 bytes; not shown]",
        "[resource file:///t]",
        "inside",
        "[resource file:///b of type x/y, about 9 bytes; not shown]",
        "[link to the resource report: https://example.com/r]",
    ]
    assert call(tools["silent"]) == ""


def test_large_result_is_cut_off_with_a_note(turn: Turn, server: McpServer) -> None:
    result = call(turn(("mcp", {"url": server.url}))["large"])
    assert result.endswith("x\n[cut off: the result has 500,000 bytes]")
    assert len(result) < 101_000


def test_error_of_a_tool_is_the_models(turn: Turn, server: McpServer) -> None:
    tools = turn(("mcp", {"url": server.url}))
    with pytest.raises(ToolFailed, match=r"^no such city$"):
        call(tools["fails"])
    assert call(tools["forecast"], city="Rome") == "Sunny in Rome"


def test_slow_tool_fails_in_the_time_that_is_left(turn: Turn, server: McpServer) -> None:
    tools = turn(("mcp", {"url": server.url}))
    turn.seconds = 0.5
    started = time.monotonic()
    with pytest.raises(ToolFailed, match="no complete answer"):
        call(tools["slow"])
    assert time.monotonic() - started < 5
    turn.seconds = 20
    assert call(tools["forecast"], city="Rome") == "Sunny in Rome"


@pytest.mark.parametrize("is_old", [True, False])
def test_calls_of_several_threads_share_one_session(turn: Turn, *, is_old: bool) -> None:
    before = threading.active_count()
    with mcp_server(is_old=is_old) as server:
        turn(("mcp", {"url": server.url}))
        tools = turn(("mcp", {"url": server.url}))
        cities = [f"city {n}" for n in range(20)]
        with ThreadPoolExecutor(10) as threads:
            results = list(threads.map(lambda city: call(tools["forecast"], city=city), cities))
        for one in turn.opened:
            one.close()
    assert results == [f"Sunny in {city}" for city in cities]
    sessions = {one.get("mcp-session-id") for one in server.headers} - {None}
    assert len(sessions) == (2 if is_old else 0)
    assert threading.active_count() <= before


def test_server_that_dies_after_the_listing_fails_the_call(turn: Turn) -> None:
    with mcp_server() as server:
        tools = turn(("mcp", {"url": server.url}))
    with pytest.raises(ToolFailed, match=r"127.0.0.1: (cannot be reached|broke off)"):
        call(tools["forecast"], city="Rome")


# ---------------------------------------------------------------------------- listing
def test_session_is_opened_once_and_the_listing_kept(turn: Turn, server: McpServer) -> None:
    first = turn(("mcp", {"url": server.url}))
    call(first["forecast"], city="Oslo")
    call(first["forecast"], city="Rome")
    posts = server.methods.count("POST")
    second = turn(("mcp", {"url": server.url}))
    assert server.listings == 1
    assert server.methods.count("POST") == posts
    assert call(second["forecast"], city="Bonn") == "Sunny in Bonn"
    assert server.listings == 1


def test_protocol_that_an_old_server_chose_is_remembered(turn: Turn) -> None:
    with mcp_server(is_old=True) as server:
        config = {"url": server.url}
        call(turn(("mcp", config))["forecast"], city="Oslo")
        call(turn(("mcp", config))["forecast"], city="Rome")
        for one in turn.opened:
            one.close()
        probes = [one for one in server.headers if one.get("mcp-method") == "server/discover"]
        assert len(probes) == 1
        assert server.methods.count("DELETE") == 2
        assert len(server.calls) == 2


def test_listing_of_another_organization_secret_or_choice_is_another(
    turn: Turn, server: McpServer
) -> None:
    turn(("mcp", {"url": server.url}))
    turn(("mcp", {"url": server.url, "secret": "weather"}))
    assert list(turn(("mcp", {"url": server.url, "tools": ["forecast"]}))) == ["forecast"]
    turn.organization = "org_2"
    turn(("mcp", {"url": server.url}))
    assert server.listings == 4


def test_two_servers_with_equal_tools_get_prefixes(turn: Turn, server: McpServer) -> None:
    with mcp_server([tool("forecast"), tool("calculator")]) as other:
        tools = turn(
            ("mcp:one", {"url": server.url, "tools": ["forecast"]}),
            ("mcp:two", {"url": other.url}),
            taken=("calculator",),
        )
        assert list(tools) == ["forecast", "two_forecast", "two_calculator"]
        call(tools["two_forecast"])
        assert other.calls == [("forecast", {})]


def many(count: int) -> list[Any]:
    return [tool(f"tool_{n}", "What it does. " * 5) for n in range(count)]


@pytest.mark.parametrize("page", [10_000, 500])
def test_10_000_tools_are_refused_and_some_of_them_usable(turn: Turn, page: int) -> None:
    with mcp_server(many(10_000)) as server:
        server.page = page
        failed = unavailable(turn, ("mcp", {"url": server.url}))
        assert str(failed) == (
            "The tools of mcp are unavailable: lists more than 128 tools; name those to use in "
            "the capability's `tools`."
        )
        assert not failed.retryable
        tools = turn(("mcp", {"url": server.url, "tools": ["tool_9999", "tool_7"]}))
        assert sorted(tools) == ["tool_7", "tool_9999"]
        assert call(tools["tool_9999"]) == "tool_9999 called"


def test_endless_listing_is_given_up(turn: Turn) -> None:
    with mcp_server(many(1000)) as server:
        server.page = 1
        config = {"url": server.url, "tools": ["tool_999"]}
        failed = unavailable(turn, ("mcp", config))
    assert "more than 100 pages" in failed.reason


def test_tool_that_is_not_listed_is_missed(turn: Turn, server: McpServer) -> None:
    failed = unavailable(turn, ("mcp", {"url": server.url, "tools": ["forecast", "typo"]}))
    assert (failed.reason, failed.retryable) == (
        "The tools of mcp are unavailable: lists no tool typo.",
        False,
    )


def test_schemas_too_large_for_a_model_are_refused(turn: Turn) -> None:
    large = {"type": "object", "properties": {"a": {"description": "x" * 40_000}}}
    with mcp_server([tool("big", input_schema=large), tool("small")]) as server:
        assert "big with a schema of more than 32 KiB" in str(
            unavailable(turn, ("mcp", {"url": server.url}))
        )
        assert list(turn(("mcp", {"url": server.url, "tools": ["small"]}))) == ["small"]
    half = {"type": "object", "properties": {"a": {"description": "x" * 20_000}}}
    with mcp_server([tool(f"t{n}", input_schema=half) for n in range(40)]) as server:
        assert "describes its tools in more than 512 KiB" in str(
            unavailable(turn, ("mcp", {"url": server.url}))
        )


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
