"""Answers to requests of HTTP tools: results, and failures of the call."""

from typing import Any

import pytest

from shared.agents.tools.tool import ToolFailed
from tests.support.raw_server import http, raw_server
from tests.unit.agents.http_turn import Turn, call, document


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (http("plain"), "plain"),
        (http("[1, 2]", content_type="application/problem+json"), [1, 2]),
        (http('{"a": 1'), '{"a": 1'),
        (http(status="204 No Content"), {"status": 204}),
        (http(b"\x89PNG", content_type="image/png"),
         "[content of type image/png, 4 bytes; not shown]"),
        (http("[" * 5000), "[" * 5000),
        (http('{"a": NaN}'), '{"a": NaN}'),
    ],
)  # fmt: skip
def test_answers_become_results(turn: Turn, answer: bytes, result: Any) -> None:
    with raw_server(lambda _: [answer]) as server:
        assert call(turn(document=document(), server=server.url)["delete_order"], id="1") == result


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (http("no such order", "404 Not Found"), "answered with status 404: no such order"),
        (http("", "500 Oops"), "answered with status 500: no text"),
        (http("x" * 9000, "400 Bad Request"), r"status 400: x+ \[cut off\]"),
        (http(status="302 Found", location="https://evil.test/"), "redirects to evil.test"),
        (http(status="302 Found", location="/other"), "redirects are not followed"),
        (http(b"x" * 2_000_000), "sent more than 1,048,576 bytes"),
        (b"", "broke off the connection"),
    ],
)
def test_bad_answers_fail_the_call(turn: Turn, answer: bytes, reason: str) -> None:
    with raw_server(lambda _: [answer]) as server:
        tools = turn(document=document(), server=server.url)
        with pytest.raises(ToolFailed, match=reason) as failed:
            call(tools["delete_order"], id="1")
    assert len(str(failed.value)) < 2100


@pytest.mark.parametrize("charset", ["hex", "base64", "rot13", "idna", "utf-8\\x00"])
def test_charset_of_an_answer_chooses_no_codec(turn: Turn, charset: str) -> None:
    answer = http(b"xn--\x80zz.", content_type=f"text/plain; charset={charset}")
    with raw_server(lambda _: [answer]) as server:
        tools = turn(document=document(), server=server.url)
        assert call(tools["delete_order"], id="1") == "xn--\ufffdzz."


def test_answer_without_changes_fails_the_call(turn: Turn) -> None:
    with raw_server(lambda _: [b"HTTP/1.1 304 Not Modified\r\n\r\n"]) as server:
        tools = turn(document=document(), server=server.url)
        with pytest.raises(ToolFailed, match="answered with status 304: no text"):
            call(tools["delete_order"], id="1")
