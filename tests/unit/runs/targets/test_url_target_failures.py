"""URL target: unusable answers of an agent's server, and hosts that are not allowed."""

from typing import Any

import pytest

from shared.core.errors import InvalidInput
from shared.runs.targets import agent_server
from shared.runs.targets.url import UrlTarget
from shared.simulation.conversation import Called
from shared.simulation.target import TargetFailed
from tests.support.chat_server import (
    ENDLESS,
    HANG,
    RESET,
    ChatServer,
    chat_server,
    completion,
    http,
)
from tests.support.gateway import Gateway
from tests.support.simulated import simulated
from tests.unit.runs.targets.agent_turns import calls, opened


@pytest.mark.parametrize(
    ("steps", "reason", "retry"),
    [
        ([http(b"", status=503)], "status 503: no text", True),
        ([http(b"slow down", status=429)], "status 429: slow down", True),
        ([http({"error": "no such model"}, status=404)], "status 404", False),
        ([http(b"<html>", content_type="text/html")], "not JSON: <html>", True),
        ([http([1])], "must be a JSON object", True),
        ([http({"choices": []})], "assistant's message", True),
        ([completion({"text": "Hi"})], "assistant's message", True),
        ([completion(None, tool_calls=[{"id": "a"}])], "assistant's message", True),
        ([completion("x" * 300_000)], "exceeds 200,000 bytes", False),
        ([http(b"x", length=50_000_000)], "more than 2,000,000 bytes", False),
        ([http(b"", status=302, location="http://169.254.169.254/")], "redirects to", False),
        ([RESET], "broke off the connection", True),
    ],
)
def test_unusable_answer_fails_the_target_with_its_reason(
    api: Gateway,
    target: UrlTarget,
    server: ChatServer,
    steps: list[Any],
    reason: str,
    *,
    retry: bool,
) -> None:
    session = opened(api, target, server)
    server.reply(*steps)
    with pytest.raises(TargetFailed) as failed:
        target.send(session, 1, "Hello")
    assert failed.value.reason.startswith("The agent gave no usable answer: ")
    assert reason in failed.value.reason
    assert failed.value.retry is retry
    if retry:
        assert target.answer(session, 1) is None
    else:
        with pytest.raises(TargetFailed, match="no usable answer"):
            target.answer(session, 1)


@pytest.mark.parametrize("steps", [[HANG], [http(b"", length=10**6), HANG], [http(b""), ENDLESS]])
def test_slow_server_fails_the_target(
    api: Gateway,
    target: UrlTarget,
    server: ChatServer,
    monkeypatch: pytest.MonkeyPatch,
    steps: list[Any],
) -> None:
    monkeypatch.setattr(agent_server, "TURN_SECONDS", 0.5)
    session = opened(api, target, server)
    server.reply(*steps)
    with pytest.raises(TargetFailed, match="no usable answer") as failed:
        target.send(session, 1, "Hello")
    assert failed.value.retry


def test_server_that_is_down_fails_the_target(api: Gateway, target: UrlTarget) -> None:
    with chat_server() as gone:
        session = opened(api, target, gone)
    with pytest.raises(TargetFailed, match="cannot be reached") as failed:
        target.send(session, 1, "Hello")
    assert failed.value.retry


def test_agent_that_calls_tools_for_ever_fails_the_target(
    api: Gateway, target: UrlTarget, server: ChatServer
) -> None:
    session = opened(api, target, server)
    server.reply(calls(("find_order", {"id": "A-1"})))
    with pytest.raises(TargetFailed, match="more than 10 rounds") as failed:
        target.send(session, 1, "Hello")
    assert not failed.value.retry
    assert len(server.received) == 11
    assert sum(isinstance(one, Called) for one in target.read(session).entries) == 11


@pytest.mark.parametrize(
    ("reference", "field"),
    [
        ({"url": "http://127.0.0.2:8000/v1"}, "url"),
        ({"url": "https://agent.example/v1"}, "url"),
        ({"url": "http://169.254.169.254/"}, "url"),
        ({"url": "file:///etc/passwd"}, "url"),
        ({"url": "http://127.0.0.1/v1", "protocol": "grpc"}, "protocol"),
        ({"url": "http://127.0.0.1/v1", "secret": "../other"}, "secret"),
    ],
)
def test_check_names_the_field(
    api: Gateway, target: UrlTarget, reference: dict[str, Any], field: str
) -> None:
    target.check(api.organization_id, {"url": "http://127.0.0.1:8000/v1", "secret": "shop"})
    with pytest.raises(InvalidInput, match=rf"target\.{field}: "):
        target.check(api.organization_id, reference)


def test_host_that_is_no_longer_allowed_is_not_asked(
    api: Gateway, target: UrlTarget, server: ChatServer
) -> None:
    session = simulated(api, {"url": "http://169.254.169.254/v1"})
    target.open(session)
    with pytest.raises(TargetFailed, match="not allowed") as failed:
        target.send(session, 1, "Hello")
    assert not failed.value.retry


@pytest.mark.parametrize("body", [{}, {"message": 5}, {"message": None}])
def test_plain_server_without_a_message_fails_the_target(
    api: Gateway, target: UrlTarget, server: ChatServer, body: dict[str, Any]
) -> None:
    session = opened(api, target, server, protocol="http")
    server.reply(http(body))
    with pytest.raises(TargetFailed, match="message must be a text"):
        target.send(session, 1, "Hello")
