"""Model Context Protocol of a world: messages as clients send them, and bad ones."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from shared.core.errors import Conflict
from shared.runs.worlds.mcp import HANDSHAKE_VERSIONS, MAX_BATCH, VERSIONS, McpServer, Reply
from tests.support.storage import moto_table
from tests.support.worlds import WORLD, Worlds

STATELESS = {"_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}}
CALL = {"name": "get_order", "arguments": {"order_id": "A-17"}}


@pytest.fixture(scope="module", autouse=True)
def storage() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch, moto_table(patch):
        yield


def send(body: Any, worlds: Worlds | None = None, headers: dict[str, str] | None = None) -> Reply:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return McpServer((worlds or Worlds()).request(), headers or {}).answer(text)


def request(method: str, identifier: Any = 1, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": identifier, "method": method, "params": params}


def result(reply: Reply) -> Any:
    assert reply.status == 200
    assert isinstance(reply.body, dict)
    return reply.body["result"]


def error(reply: Reply) -> tuple[int, int]:
    """Return the status and the code of an error."""
    assert isinstance(reply.body, dict)
    return reply.status, reply.body["error"]["code"]


@pytest.mark.parametrize(
    ("asked", "answered"),
    [*((one, one) for one in HANDSHAKE_VERSIONS), ("2023-01-01", "2025-11-25")],
)
def test_initialize_answers_with_the_clients_version_or_the_last_one(
    asked: str, answered: str
) -> None:
    found = result(send(request("initialize", protocolVersion=asked, capabilities={})))

    assert found["protocolVersion"] == answered
    assert found["capabilities"] == {"tools": {}}
    assert found["serverInfo"]["name"] == "agent-sessions-world"


def test_handshake_reads_the_world_once_and_records_nothing() -> None:
    worlds = Worlds()

    send(request("initialize", protocolVersion="2025-11-25"), worlds)
    send({"jsonrpc": "2.0", "method": "notifications/initialized"}, worlds)
    send(request("ping"), worlds)

    assert worlds.opened == 1
    assert worlds.recorded() == []


def test_tools_are_listed_with_names_that_models_accept() -> None:
    tools = result(send(request("tools/list")))["tools"]

    assert [one["name"] for one in tools] == ["get_order", "send_e-mail_98f74710"]
    assert tools[0]["inputSchema"]["required"] == ["order_id"]


def test_call_answers_in_text() -> None:
    worlds = Worlds()

    found = result(send(request("tools/call", **CALL), worlds))

    assert found == {"content": [{"type": "text", "text": '{"status":"late"}'}], "isError": False}
    assert [one[1] for one in worlds.recorded()] == ["get_order"]


@pytest.mark.parametrize("name", ["get_order", "no_such_tool"])
def test_call_that_nothing_recorded_answers_is_an_error_of_the_tool(name: str) -> None:
    worlds = Worlds()

    found = result(send(request("tools/call", name=name, arguments={"order_id": "B"}), worlds))

    assert found["isError"]
    assert worlds.recorded()[0][-1] == "none"


def test_repeated_request_with_the_same_id_is_a_new_call() -> None:
    worlds = Worlds()

    texts = [
        result(send(request("tools/call", "same", **CALL), worlds))["content"][0]["text"]
        for _ in range(2)
    ]

    assert texts == ['{"status":"late"}', '{"status":"arrived"}']


def test_stateless_revision_needs_no_handshake() -> None:
    headers = {"mcp-protocol-version": "2026-07-28", "mcp-method": "server/discover"}

    found = result(send(request("server/discover", **STATELESS), None, headers))
    listed = result(send(request("tools/list", **STATELESS)))
    called = result(send(request("tools/call", **CALL, **STATELESS)))

    assert found["supportedVersions"] == list(VERSIONS)
    assert {one["resultType"] for one in (found, listed, called)} == {"complete"}
    assert {one["cacheScope"] for one in (found, listed)} == {"private"}


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (b"{", {}, (400, -32700)),
        (b"\xff", {}, (400, -32700)),
        (b"", {}, (400, -32700)),
        (b'{"jsonrpc": "2.0", "id": NaN, "method": "ping"}', {}, (400, -32700)),
        ("ping", {}, (400, -32600)),
        ([], {}, (400, -32600)),
        ({"id": 1, "method": "ping"}, {}, (400, -32600)),
        ({"jsonrpc": "2.0", "id": 1}, {}, (400, -32600)),
        ({"jsonrpc": "2.0", "id": 1, "method": 5}, {}, (400, -32600)),
        ({"jsonrpc": "2.0", "id": None, "method": "ping"}, {}, (400, -32600)),
        ({"jsonrpc": "2.0", "id": True, "method": "ping"}, {}, (400, -32600)),
        ({"jsonrpc": "2.0", "id": 1.5, "method": "ping"}, {}, (400, -32600)),
        ({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []}, {}, (400, -32602)),
        ([request("ping")] * (MAX_BATCH + 1), {}, (400, -32600)),
        ([request("ping")], {"mcp-protocol-version": "2025-06-18"}, (400, -32600)),
        (request("ping"), {"mcp-protocol-version": "1999-01-01"}, (400, -32022)),
        (request("ping", _meta={"io.modelcontextprotocol/protocolVersion": "3"}), {},
         (400, -32022)),
        (request("tools/list", **STATELESS), {"mcp-method": "tools/call"}, (400, -32020)),
        (request("tools/list", **STATELESS), {"mcp-protocol-version": "2025-11-25"},
         (400, -32020)),
        (request("resources/list"), {}, (200, -32601)),
        (request("resources/list", **STATELESS), {}, (404, -32601)),
        (request("initialize"), {}, (200, -32602)),
        (request("tools/list", cursor="2"), {}, (200, -32602)),
        (request("tools/call"), {}, (200, -32602)),
        (request("tools/call", name="get_order", arguments=[1]), {}, (200, -32602)),
    ],
)  # fmt: skip
def test_bad_message_is_answered_with_the_protocols_error(
    body: Any, headers: dict[str, str], expected: tuple[int, int]
) -> None:
    worlds = Worlds()

    reply = send(body, worlds, headers)

    assert error(reply) == expected
    assert worlds.recorded() == []


@pytest.mark.parametrize(
    "body",
    [
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}},
        {"jsonrpc": "2.0", "method": "tools/call", "params": CALL},
        {"jsonrpc": "2.0", "id": 1, "result": {}},
        [{"jsonrpc": "2.0", "method": "notifications/initialized"}],
    ],
)
def test_notifications_and_answers_have_no_answer(body: Any) -> None:
    worlds = Worlds()

    assert send(body, worlds) == Reply(202, None)
    assert worlds.recorded() == []


def test_batch_is_answered_in_order_with_the_errors_of_its_messages() -> None:
    worlds = Worlds()
    messages = [
        request("tools/call", 1, **CALL),
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        request("initialize", 2, protocolVersion="2025-03-26"),
        5,
        request("tools/call", "four", **CALL),
    ]

    reply = send(messages, worlds)

    assert reply.status == 200
    assert isinstance(reply.body, list)
    assert [one["id"] for one in reply.body] == [1, 2, None, "four"]
    assert [one.get("error", {}).get("code") for one in reply.body] == [None, -32600, -32600, None]
    assert [one[2]["status"] for one in worlds.recorded()] == ["late", "arrived"]
    assert worlds.opened == 1


def test_world_that_does_not_run_is_a_failure_with_the_id_of_the_request() -> None:
    worlds = Worlds()
    worlds.runs = False

    for method in ("initialize", "server/discover", "tools/list", "tools/call"):
        reply = send(request(method, "mine", **CALL), worlds)

        assert isinstance(reply.failure, Conflict)
        assert isinstance(reply.body, dict)
        assert reply.body["id"] == "mine"
        assert reply.body["error"]["data"] == {"error": "simulation_not_running"}

    [in_batch] = send([request("tools/list")], worlds).body or []
    assert in_batch["error"]["code"] == -32000  # type: ignore[index]  # a list of messages


def test_names_of_the_world_are_unique_in_the_listing() -> None:
    names = ["a b", "a.b", "a_b", "", "x" * 64, "x" * 65, "日本", "a/b", 'a"b', *WORLD]
    worlds = Worlds({name: {"output": name} for name in names})

    listed = [one["name"] for one in result(send(request("tools/list"), worlds))["tools"]]
    answered = [
        result(send(request("tools/call", name=one), worlds))["content"][0]["text"]
        for one in listed
    ]

    assert len(set(listed)) == len(names)
    assert sorted(answered) == sorted(names)
