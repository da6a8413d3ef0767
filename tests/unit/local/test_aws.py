"""Local stack: reached without the user's AWS settings and proxy."""

import os
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from local.aws import client
from local.endpoint import status
from local.settings import LocalStack


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_PROFILE", "nobody"),
        ("AWS_CONFIG_FILE", __file__),
        ("AWS_DEFAULTS_MODE", "unheard of"),
        ("AWS_DEFAULT_REGION", "moon-1"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
        ("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1"),
        ("AWS_SESSION_TOKEN", "the user's own"),
    ],
)
def test_user_settings_do_not_affect_the_local_stack(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    dynamodb = client(LocalStack(port=4599, home=Path("nowhere")), "dynamodb")

    assert dynamodb.meta.endpoint_url == "http://127.0.0.1:4599"
    assert dynamodb.meta.region_name == "eu-west-1"
    keys = dynamodb._request_signer._credentials  # type: ignore[attr-defined]  # it signs with them
    assert (keys.access_key, keys.secret_key, keys.token) == ("test", "test", None)
    assert os.environ[name] == value


class _EmptyAnswers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def stack() -> Iterator[LocalStack]:
    server = HTTPServer(("127.0.0.1", 0), _EmptyAnswers)
    Thread(target=server.serve_forever, daemon=True).start()
    yield LocalStack(port=server.server_port, home=Path("nowhere"))
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_requests_to_the_local_stack_bypass_the_proxy(
    monkeypatch: pytest.MonkeyPatch, stack: LocalStack, name: str
) -> None:
    for variable in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert status(f"{stack.endpoint_url}/health") == 200
    assert client(stack, "sqs").list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert name not in stack.aws_environment()
