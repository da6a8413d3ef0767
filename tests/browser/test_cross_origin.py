"""Pages of other origins in Chromium: the allowed one calls the API, another one cannot."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.support.running_stack import RunningStack

SCRIPT = Path(__file__).with_name("cross_origin.js").read_text()


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>page</title>")

    def log_message(self, *_: Any) -> None:
        """Log nothing."""


@contextmanager
def page_at(port: int) -> Iterator[str]:
    """Serve an empty page on 127.0.0.1; yield its origin."""
    with ThreadingHTTPServer(("127.0.0.1", port), _Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@pytest.fixture(scope="module")
def seen(stack: RunningStack, browser: Browser) -> dict[str, Any]:
    """Answers as the pages of the allowed and of another origin can read them."""
    allowed_port = urlsplit(stack.allowed_origin).port
    assert allowed_port is not None
    with page_at(allowed_port) as allowed, page_at(0) as other:
        assert allowed == stack.allowed_origin
        found = {}
        for name, url in (("allowed", allowed), ("other", other)):
            page = browser.new_page()
            page.goto(url)
            found[name] = page.evaluate(SCRIPT, [stack.api_url, stack.api_key])
            page.close()
        return found


def test_page_of_the_allowed_origin_reads_and_writes(seen: dict[str, Any]) -> None:
    page = seen["allowed"]

    statuses = {name: answer.get("status") for name, answer in page.items()}
    assert statuses == {
        "list": 200, "create": 201, "create_again": 201, "update": 200, "update_stale": 412,
        "wrong_key": 401, "no_route": 404, "no_agent": 404, "no_method": 405, "too_large": 413,
        "session": 201, "message": 201, "stream": 200,
    }  # fmt: skip
    created = page["create"]["headers"]
    assert created["etag"] == '"1"'
    assert created["x-ignored-fields"] == "temperature"
    assert created["x-request-id"] == "page-create"
    assert page["create_again"]["headers"]["idempotent-replayed"] == "true"
    assert page["update"]["headers"]["etag"] == '"2"'
    assert "event: " in page["stream"]["text"]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("wrong_key", "authentication_required"),
        ("no_route", "not_found"),
        ("no_method", "method_not_allowed"),
        ("too_large", "KiB"),
    ],
)
def test_page_of_the_allowed_origin_reads_refusals(
    seen: dict[str, Any], name: str, error: str
) -> None:
    assert error in seen["allowed"][name]["text"]
    assert seen["allowed"][name]["headers"]["x-request-id"]


def test_page_of_another_origin_reads_nothing(seen: dict[str, Any]) -> None:
    assert {answer.get("refused") for answer in seen["other"].values()} == {
        "TypeError: Failed to fetch"
    }
