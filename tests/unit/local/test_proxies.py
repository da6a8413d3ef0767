"""The stack on this machine is reached past the proxy that the user's shell names."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from local.aws import client
from local.endpoint import status
from local.settings import LocalStack


class _Answers(BaseHTTPRequestHandler):
    """Answers whatever is asked with an empty object."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def stack() -> Iterator[LocalStack]:
    server = HTTPServer(("127.0.0.1", 0), _Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    yield LocalStack(port=server.server_port, home=Path("nowhere"))
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_given_a_proxy_then_the_local_stack_is_asked_itself(
    monkeypatch: pytest.MonkeyPatch, stack: LocalStack, name: str
) -> None:
    for spared in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(spared, raising=False)
    monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert status(f"{stack.endpoint_url}/health") == 200
    assert client(stack, "sqs").list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert name not in stack.aws_environment()
