"""Fixtures: the command line of a user, against the API in this process; runs of an agent."""

import io
import json
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, current_thread, main_thread
from typing import Any

import httpx
import pytest

from cli.agent_sessions_cli import client, relaying, watching
from cli.agent_sessions_cli.__main__ import run
from docs.examples import refund_agent
from tests.support.fake_runs import FakeRuns
from tests.support.gateway import Answer, Gateway
from tests.support.turns import in_event_loop
from tests.unit.cli.refunds import BROKEN, LATE, OLD

URL, KEY = "https://sessions.example", "key-of-the-tests"

type Handler = Callable[[httpx.Request], httpx.Response]


@dataclass(frozen=True)
class Done:
    """Result of a command."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The document on stdout."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The documents on stdout, one per line."""
        return [json.loads(line) for line in self.out.splitlines()]


class CommandLine:
    """Commands of one user, in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._patch = patch

    def __call__(self, *arguments: object, stdin: bytes | None = None) -> Done:
        """Run a command; without ``stdin``, it has an empty one."""
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin or b"")))
        self._capsys.readouterr()
        status = int(run([str(one) for one in arguments]))
        captured = self._capsys.readouterr()
        assert "Traceback" not in captured.err
        assert KEY not in captured.out + captured.err
        return Done(status, captured.out, captured.err)

    def talks_to(self, handler: Handler) -> None:
        """Let a function answer all requests."""
        transport = httpx.MockTransport(handler)
        self._patch.setattr(client, "new_http", lambda: httpx.Client(transport=transport))


def through(gateway: Gateway) -> Handler:
    """Return a handler that sends the requests of a client to the functions."""

    lock = Lock()

    def handle(request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == f"Bearer {KEY}"
        url = request.url.raw_path.decode()
        raw = request.content.decode() or None

        def send() -> Answer:
            return gateway(request.method, url, raw=raw, headers=dict(request.headers))

        with lock:
            answer = send() if current_thread() is main_thread() else in_event_loop(send)
        return httpx.Response(answer.status, headers=answer.headers, content=answer.text)

    return handle


@pytest.fixture
def cli(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> CommandLine:
    """The command line of a user who has set URL and key in the environment."""
    for name in ("NO_COLOR", "COLUMNS", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("AGENT_SESSIONS_URL", URL)
    monkeypatch.setenv("AGENT_SESSIONS_KEY", KEY)
    return CommandLine(capsys, monkeypatch)


@pytest.fixture
def user(cli: CommandLine, api: Gateway) -> CommandLine:
    """The same, with the API in this process."""
    cli.talks_to(through(api))
    return cli


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_SOON", 0.01)
    monkeypatch.setattr(relaying, "_PAUSE", 0.01)
    monkeypatch.setattr(relaying, "_RETRY", 0.01)


@pytest.fixture
def agent() -> Iterator[Any]:
    """Starter of the sample agent in a version; returns its URL."""
    servers = []

    def start(version: int) -> str:
        server = refund_agent.server(0, version)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/v1"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def runs(cli: CommandLine) -> FakeRuns:
    found = FakeRuns(BROKEN, LATE, OLD)
    cli.talks_to(found)
    return found


def relay(cli: CommandLine, url: str, *options: object) -> Any:
    return cli("run", "--tag", "refunds", "--target", url, *options)
