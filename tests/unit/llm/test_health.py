"""Health of models' servers."""

import socket
import time
from typing import Any

import pytest

from shared.llm.health import KEPT_SECONDS, ServerHealth, probe
from tests.support.chat_server import HANG, RESET, ChatServer, http


@pytest.mark.parametrize("status", [200, 401, 404])
def test_server_that_answers_is_reachable(server: ChatServer, status: int) -> None:
    """A server may want a key, which is not sent, or not list its models."""
    server.reply(http({"data": []}, status=status))
    assert probe(f"{server.url}/") is None
    [sent] = server.received
    assert (sent.method, sent.path) == ("GET", "/v1/models")
    assert "authorization" not in sent.headers


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([http(status=503)], "answers 503"),
        ([RESET], "does not answer: connection reset by peer"),
        ([b"no HTTP\r\n\r\n"], "does not answer: "),
        ([HANG], "does not answer within 2 s"),
    ],
)
def test_server_in_trouble_is_not_reachable(
    server: ChatServer, steps: list[Any], words: str
) -> None:
    server.reply(*steps)
    assert words in str(probe(server.url))


def test_all_servers_together_take_two_seconds(server: ChatServer) -> None:
    server.reply(HANG)
    with socket.create_server(("127.0.0.1", 0)) as free:
        dead = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    slow = [f"{server.origin}/{number}" for number in range(8)]

    started = time.monotonic()
    reasons = ServerHealth().reasons([*slow, dead])

    assert time.monotonic() - started < 2.5
    assert all("within 2 s" in str(reasons[url]) for url in slow)
    assert "connection refused" in str(reasons[dead])


def test_result_is_kept_for_half_a_minute() -> None:
    now, asked = 0.0, []

    def note(url: str) -> None:
        asked.append(url)

    health = ServerHealth(note, lambda: now)
    for moment in (0.0, KEPT_SECONDS - 1, KEPT_SECONDS):
        now = moment
        assert health.reasons(["http://a", "http://a"]) == {"http://a": None}
    assert asked == ["http://a"] * 2


@pytest.mark.parametrize("host", ["127.0.0.1:99999", "a" * 70 + ".test"])
def test_invalid_address_is_a_reason(host: str) -> None:
    assert probe(f"http://{host}/v1")
