"""OpenAI provider: servers that are down, slow or busy; retries and their limits."""

import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from shared.llm.openai import OpenAIModel
from shared.llm.port import ModelFailed
from tests.support.chat_server import HANG, RESET, ChatServer, completion, http
from tests.unit.llm.conftest import request


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504])
def test_transient_status_is_retried(
    server: ChatServer, model: OpenAIModel, pauses: list[float], status: int
) -> None:
    server.reply(http(b"<html>busy</html>", status=status, content_type="text/html"))
    server.reply(completion("Hello"))
    assert model.answer(request()).text == "Hello"
    assert len(pauses) == 1


@pytest.mark.parametrize("steps", [[RESET], [], [b"no HTTP at all\r\n\r\n"]])
def test_broken_connection_is_retried(
    server: ChatServer, model: OpenAIModel, pauses: list[float], steps: list[Any]
) -> None:
    server.reply(*steps)
    server.reply(completion("Hello"))
    assert model.answer(request()).text == "Hello"
    assert len(pauses) == 1


def test_cut_body_is_retried(server: ChatServer, model: OpenAIModel) -> None:
    server.reply(http(b'{"choices": [', length=500))
    server.reply(completion("Hello"))
    assert model.answer(request()).text == "Hello"


def test_dead_server_fails_with_what_was_tried(pauses: list[float]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    model = OpenAIModel(f"http://127.0.0.1:{port}/v1", lambda: "key", sleep=pauses.append)

    with pytest.raises(ModelFailed) as failed:
        model.answer(request())

    assert failed.value.retryable
    assert failed.value.reason == (
        f"The model at http://127.0.0.1:{port} does not answer: 4 attempts in 0 s; "
        "last error: connection refused."
    )
    assert len(pauses) == 3


def test_lasting_error_says_the_last_status(
    server: ChatServer, model: OpenAIModel, pauses: list[float]
) -> None:
    server.reply(http({"error": "down"}, status=503))
    with pytest.raises(ModelFailed, match=r"4 attempts in 0 s; last answer: 503\.") as failed:
        model.answer(request())
    assert failed.value.retryable
    assert len(server.received) == 4


@pytest.mark.parametrize(
    "steps",
    [
        [HANG],
        [b"HTTP/1.1 200 OK\r\n", HANG],
        [http(b"{", length=100), HANG],
        [
            b"HTTP/1.1 200 OK\r\n",
            *(step for number in range(90) for step in (b"x-%d: y\r\n" % number, 0.2)),
        ],
    ],
    ids=["silent", "half a head", "half a body", "a header now and then"],
)
def test_slow_server_fails_in_time(
    server: ChatServer, model: OpenAIModel, steps: list[Any]
) -> None:
    server.reply(*steps)
    started = time.monotonic()
    with pytest.raises(ModelFailed, match="no answer in time") as failed:
        model.answer(request(time_limit=0.6))
    assert 0.5 < time.monotonic() - started < 2
    assert failed.value.retryable


def test_expired_time_limit_sends_nothing(server: ChatServer, model: OpenAIModel) -> None:
    with pytest.raises(ModelFailed, match="no answer in time"):
        model.answer(request(time_limit=0))
    assert server.received == []


def test_retry_after_is_honored(
    server: ChatServer, model: OpenAIModel, pauses: list[float]
) -> None:
    server.reply(http(status=429, retry_after="2"))
    later = datetime.now(UTC) + timedelta(seconds=4)
    server.reply(http(status=503, retry_after=format_datetime(later, usegmt=True)))
    server.reply(http(status=503, retry_after="soon"))
    server.reply(completion("Hello"))

    assert model.answer(request()).text == "Hello"

    assert pauses[0] == 2
    assert 2 < pauses[1] <= 4
    assert pauses[2] <= 4


def test_retry_after_the_deadline_fails_at_once(
    server: ChatServer, model: OpenAIModel, pauses: list[float]
) -> None:
    server.reply(http(status=429, retry_after="3600"))
    with pytest.raises(ModelFailed, match="1 attempt in 0 s; last answer: 429"):
        model.answer(request())
    assert pauses == []


def test_addresses_that_do_not_answer_share_the_time_to_connect(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full = [socket.create_server(("127.0.0.2", 0), backlog=0)]
    port = full[0].getsockname()[1]
    full += [socket.create_server((f"127.0.0.{last}", port), backlog=0) for last in range(3, 8)]
    waiting = []
    for one in full:
        for _ in range(3):
            client = socket.socket()
            client.settimeout(0)
            client.connect_ex(one.getsockname())
            waiting.append(client)
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", one.getsockname()) for one in full]
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *more, **names: (
            found if host == "hole.test" else resolve(host, *more, **names)
        ),
    )
    started = time.monotonic()
    with pytest.raises(ModelFailed):
        OpenAIModel(f"http://hole.test:{port}/v1").answer(request(time_limit=2))
    assert time.monotonic() - started < 3
    for one in (*full, *waiting):
        one.close()
