"""MCP servers as capabilities, against real servers on this machine."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.agents.tools.tool import (
    ToolFailed,
    ToolPlace,
)
from shared.llm.tool_names import acceptable
from tests.support.mcp_server import McpServer, mcp_server, tool
from tests.unit.agents.mcp_turn import Turn, call, unavailable


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
