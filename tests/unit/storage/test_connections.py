"""Connection pool, used by the SDK's client against a server on this machine."""

import json
import socket
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from shared.core.errors import Throttled, Unavailable
from shared.storage import client as client_module
from shared.storage.connections import ConnectionPool
from shared.storage.table import Table
from tests.unit.storage.byte_server import CLOSE, FOUND, ITEM, KEY, SILENCE, Server, answer, chunked


@pytest.fixture
def table(server: Server, connect: Callable[[str], Table]) -> Table:
    return connect(f"http://127.0.0.1:{server.port}")


def test_consecutive_requests_reuse_one_connection(table: Table, server: Server) -> None:
    for _ in range(3):
        found = table.get(KEY)
        assert found is not None
        assert found.body == {"name": "Bücher"}
    assert server.connections == 1
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert json.loads(body)["Key"] == KEY.attributes()
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST / HTTP/1.1"
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    assert headers["host"] == f"127.0.0.1:{server.port}"
    assert headers["x-amz-target"] == "DynamoDB_20120810.GetItem"
    assert headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=testing/")
    assert "host;x-amz-date;x-amz-target" in headers["authorization"]


@pytest.mark.parametrize(
    "last", [FOUND + CLOSE, answer({"Item": ITEM}, more="Connection: close\r\n")]
)
def test_request_after_closed_connection_opens_a_new_one(
    table: Table, server: Server, last: bytes
) -> None:
    server.script = [last, FOUND]
    assert table.get(KEY)
    assert table.get(KEY)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "broken",
    [CLOSE, b"HTTP/1.1 200 OK\r\nConte" + CLOSE, FOUND[:-5] + CLOSE, chunked({})[:-5] + CLOSE],
    ids=["no response", "in the headers", "in the body", "in the chunks"],
)  # fmt: skip
def test_truncated_response_is_retried(table: Table, server: Server, broken: bytes) -> None:
    server.script = [broken, FOUND]
    assert table.get(KEY)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "other",
    [
        chunked({"Item": ITEM}),
        FOUND.replace(b"HTTP/1.1", b"HTTP/1.0"),
        FOUND.replace(b"HTTP/1.1", b"HTTP/1.0") + CLOSE,
        FOUND.replace(b"\r\n", b"\n"),
    ],
    ids=["chunked", "HTTP/1.0", "HTTP/1.0, closed", "bare line feeds"],
)
def test_response_in_other_http_format_is_read(table: Table, server: Server, other: bytes) -> None:
    server.script = [other]
    for requests in (1, 2):
        found = table.get(KEY)
        assert found is not None
        assert found.body == {"name": "Bücher"}
        assert len(server.requests) == requests


@pytest.mark.parametrize(
    "invalid",
    [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{nono", FOUND.replace(b"R1", b"1" * 70_000)],
    ids=["not JSON", "overlong header"],
)
def test_invalid_response_raises_unavailable(table: Table, server: Server, invalid: bytes) -> None:
    server.script = [invalid]
    with pytest.raises(Unavailable):
        table.get(KEY)


def test_read_timeout_raises_unavailable_after_three_attempts(
    server: Server, connect: Callable[[str], Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "_READ_TIMEOUT", 0.05)
    server.script = [SILENCE]
    table = connect(f"http://127.0.0.1:{server.port}")
    attempts = []
    table.client.meta.events.register_first("before-send.dynamodb", lambda **_: attempts.append(1))
    with pytest.raises(Unavailable) as caught:
        table.get(KEY)
    assert isinstance(caught.value.__cause__, ReadTimeoutError)
    assert len(attempts) == 3


def test_throttling_raises_throttled_after_three_attempts(table: Table, server: Server) -> None:
    error = {"__type": "com.amazon.coral.availability#ThrottlingException", "message": "slowly"}
    server.script = [answer(error, "400 Bad Request")]
    with pytest.raises(Throttled):
        table.get(KEY)
    assert len(server.requests) == 3
    assert server.connections == 1


def test_refused_connection_raises_unavailable(connect: Callable[[str], Table]) -> None:
    with closing(socket.socket()) as bound:
        bound.bind(("127.0.0.1", 0))
        with pytest.raises(Unavailable):
            connect(f"http://127.0.0.1:{bound.getsockname()[1]}").get(KEY)


def test_connect_timeout_raises_unavailable(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    timeouts = []

    def slow(_address: Any, timeout: float, _source: Any) -> socket.socket:
        timeouts.append(timeout)
        raise TimeoutError

    monkeypatch.setattr("socket.create_connection", slow)
    with pytest.raises(Unavailable):
        table.get(KEY)
    assert timeouts == [1, 1, 1]


def test_request_with_proxy_is_sent_by_the_sdk(
    server: Server, connect: Callable[[str], Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{server.port}")
    table = connect("http://dynamodb.example")
    assert table.get(KEY)
    assert server.requests[0].startswith(b"POST http://dynamodb.example/ HTTP/1.1\r\n")


def test_request_to_another_endpoint_is_left_to_the_sdk() -> None:
    connections = ConnectionPool("https://dynamodb.example", "", connect_timeout=1, read_timeout=1)
    for url in ("https://dynamodb.example.org/", "http://dynamodb.example/"):
        request: Any = type("Request", (), {"url": url, "body": b"{}"})
        assert connections.send(request) is None
