"""URL target: turns with an agent's server, answered from the recorded world."""

import json
from typing import Any

import boto3
import pytest

from shared.agents.simulated_wiring import session_recorder
from shared.core.errors import InvalidInput
from shared.runs.targets import agent_server
from shared.runs.targets.url import UrlTarget
from shared.runs.targets.wiring import url_target
from shared.simulation.conversation import Called, Said
from shared.simulation.target import SimulatedSession, TargetFailed
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
from tests.support.run_steps import SimulationRuns
from tests.support.simulated import API_URL, simulated
from tests.support.snapshot import stored_items, stored_texts

LATE = {"prompt_tokens": 10, "completion_tokens": 2}


@pytest.fixture
def target(api: Gateway) -> UrlTarget:
    return url_target(session_recorder())


def opened(api: Gateway, target: UrlTarget, server: ChatServer, **fields: Any) -> SimulatedSession:
    session = simulated(api, {"url": server.url, **fields})
    target.open(session)
    return session


def calls(*functions: tuple[str, Any]) -> bytes:
    """Return a completion that calls tools; arguments that are text are sent as they are."""
    made = [
        {
            "id": f"c{number}",
            "type": "function",
            "function": {
                "name": name,
                "arguments": given if isinstance(given, str) else json.dumps(given),
            },
        }
        for number, (name, given) in enumerate(functions)
    ]
    return completion(None, tool_calls=made, usage=LATE)


def test_turn_is_answered_from_the_recorded_world(
    api: Gateway, target: UrlTarget, server: ChatServer
) -> None:
    session = opened(api, target, server, model="shop-1")
    server.reply(calls(("find_order", {"id": "A-1"}), ("refund_order_3062a7c3", {})))
    server.reply(completion("It was shipped.", usage=LATE))

    answer = target.send(session, 1, "Where is A-1?")

    assert (answer.text, answer.tool_calls, answer.end_reason) == ("It was shipped.", 2, None)
    assert (answer.input_tokens, answer.output_tokens) == (20, 4)
    assert 0 < answer.seconds < 5
    first, second = server.received
    assert first.path == "/v1/chat/completions"
    assert first.body["model"] == "shop-1"
    assert first.body["messages"] == [{"role": "user", "content": "Where is A-1?"}]
    offered = {one["function"]["name"]: one["function"] for one in first.body["tools"]}
    assert set(offered) == {"find_order", "refund_order_3062a7c3"}
    assert offered["find_order"]["parameters"]["required"] == ["id"]
    assert [one["role"] for one in second.body["messages"]] == ["user", "assistant", "tool", "tool"]
    assert [one["content"] for one in second.body["messages"][2:]] == [
        '{"status":"shipped"}',
        '{"refunded":true}',
    ]
    assert first.headers["x-agent-sessions-run"] == str(session.run_id)
    assert first.headers["x-agent-sessions-simulation"] == "3"
    assert first.headers["x-agent-sessions-mcp-url"].startswith(f"{API_URL}/v1/runs/")
    assert "authorization" not in first.headers


def test_next_turn_has_the_whole_conversation(
    api: Gateway, target: UrlTarget, server: ChatServer
) -> None:
    session = opened(api, target, server)
    server.reply(calls(("find_order", {"id": "A-1"}), ("find_order", {"id": "B-2"})))
    server.reply(completion("One is shipped."))
    server.reply(completion("Bye"))
    target.send(session, 1, "Where are they?")

    target.send(session, 2, "Thanks")

    messages = server.received[-1].body["messages"]
    assert [one["role"] for one in messages] == [
        "user", "assistant", "tool", "tool", "assistant", "user",
    ]  # fmt: skip
    asked = messages[1]["tool_calls"]
    assert [one["function"]["arguments"] for one in asked] == ['{"id":"A-1"}', '{"id":"B-2"}']
    assert [one["tool_call_id"] for one in messages[2:4]] == [one["id"] for one in asked]
    assert [one["content"] for one in messages[2:]] == [
        '{"status":"shipped"}', "no such order", "One is shipped.", "Thanks",
    ]  # fmt: skip


def test_conversation_is_recorded_as_a_session(
    api: Gateway, target: UrlTarget, server: ChatServer
) -> None:
    session = opened(api, target, server)
    server.reply(calls(("find_order", {"id": "A-1"})))
    server.reply(completion("Shipped."))
    target.send(session, 1, "Where is it?")

    asked, called, said = target.read(session).entries

    assert isinstance(asked, Said)
    assert isinstance(called, Called)
    assert (called.tool, called.output, called.matched) == (
        "find_order",
        {"status": "shipped"},
        "order",
    )
    assert isinstance(said, Said)
    stored = api("GET", f"/v1/sessions/session_{session.session_id.hex}").json
    agent = api("GET", f"/v1/agents/{stored['agent_id']}").json
    assert agent["name"] == server.origin.removeprefix("http://")


def test_repeated_turn_is_not_sent_again(
    api: Gateway, target: UrlTarget, server: ChatServer
) -> None:
    session = opened(api, target, server)
    server.reply(completion("Hi"))
    first = target.send(session, 1, "Hello")
    before = stored_items()

    target.open(session)
    assert target.send(session, 1, "Hello") == first
    assert target.answer(session, 1) == first
    target.stop(session)

    assert len(server.received) == 1
    assert stored_items() == before


def test_interrupted_turn_gets_the_same_recorded_answers(
    api: Gateway, target: UrlTarget, server: ChatServer
) -> None:
    session = opened(api, target, server)
    look = calls(("find_order", {"id": "A-1"}))
    server.reply(look)
    server.reply(http(b"", status=503))
    server.reply(look)
    server.reply(look)
    server.reply(completion("Delivered."))
    with pytest.raises(TargetFailed) as failed:
        target.send(session, 1, "Where is it?")
    assert failed.value.retry

    answer = target.send(session, 1, "Where is it?")

    outputs = [one.output for one in target.read(session).entries if isinstance(one, Called)]
    assert outputs == [{"status": "shipped"}, {"status": "delivered"}]
    assert answer.tool_calls == 2


def test_calls_that_make_no_sense_are_answered_with_an_error(
    api: Gateway, target: UrlTarget, server: ChatServer
) -> None:
    session = opened(api, target, server)
    server.reply(calls(("fly", {}), ("find_order", "{"), ("find_order", "[1]")))
    server.reply(completion("Sorry."))
    target.send(session, 1, "Where is it?")

    told = [one["content"] for one in server.received[-1].body["messages"][2:]]
    assert told[0] == "The mock world has no tool 'fly'."
    assert told[1:] == ["Invalid arguments: must be a JSON object."] * 2


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


@pytest.fixture
def _secret(api: Gateway) -> None:
    name = f"/agent-sessions/{api.organization_id}/shop"
    boto3.client("ssm").put_parameter(Name=name, Value="top-7f3a", Type="SecureString")


@pytest.mark.usefixtures("_secret")
@pytest.mark.parametrize("before", [b"bad key ", b"x" * 196])
def test_secret_is_sent_and_never_shown(
    api: Gateway, target: UrlTarget, server: ChatServer, before: bytes
) -> None:
    session = opened(api, target, server, secret="shop")
    server.reply(http(before + b"top-7f3a", status=401))
    with pytest.raises(TargetFailed) as failed:
        target.send(session, 1, "Hello")
    assert server.received[0].headers["authorization"] == "Bearer top-7f3a"
    assert "top-" not in failed.value.reason
    assert "[sec" in failed.value.reason


@pytest.mark.usefixtures("_secret")
def test_run_sends_the_secret_of_its_organization(api: Gateway, server: ChatServer) -> None:
    server.reply(completion("Hello"))
    scenario = api("POST", "/v1/scenarios", {"name": "Late", "intent": "Where is it?"}).json["id"]
    reference = {"url": server.url, "secret": "shop"}
    body = {"target": reference, "scenario_ids": [scenario], "max_turns": 1}

    run = api("POST", "/v1/runs", body).json["id"]
    SimulationRuns().run()

    assert server.received[0].headers["authorization"] == "Bearer top-7f3a"
    assert api("GET", f"/v1/runs/{run}").json["status"] == "completed"


@pytest.mark.usefixtures("_secret")
def test_secret_that_an_agent_repeats_is_not_recorded(
    api: Gateway, target: UrlTarget, server: ChatServer
) -> None:
    session = opened(api, target, server, secret="shop")
    server.reply(calls(("find_order", {"id": "top-7f3a"})))
    server.reply(completion("My key is top-7f3a."))
    assert target.send(session, 1, "Hello").text == "My key is [secret]."
    assert not [one for one in stored_texts() if "top-7f3a" in one]


def test_missing_secret_fails_the_target(
    api: Gateway, target: UrlTarget, server: ChatServer
) -> None:
    session = opened(api, target, server, secret="gone")
    with pytest.raises(TargetFailed, match="The secret gone cannot be read"):
        target.send(session, 1, "Hello")
    assert not server.received


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


def test_plain_server_gets_the_words_and_the_world(
    api: Gateway, target: UrlTarget, server: ChatServer
) -> None:
    session = opened(api, target, server, protocol="http")
    server.reply(http({"message": "Hi"}))
    server.reply(
        http(
            {
                "message": "Bye",
                "ended": True,
                "usage": {"input_tokens": 5, "output_tokens": 1},
            }
        )
    )
    target.send(session, 1, "Hello")

    answer = target.send(session, 2, "Thanks")

    assert (answer.text, answer.end_reason) == ("Bye", "agent_ended")
    assert (answer.input_tokens, answer.output_tokens) == (5, 1)
    assert target.read(session).end_reason == "agent_ended"
    base = f"{API_URL}/v1/runs/{session.run_id}/simulations/3"
    assert server.received[-1].path == "/v1"
    assert server.received[-1].body == {
        "run_id": str(session.run_id),
        "simulation": 3,
        "turn": 2,
        "message": "Thanks",
        "messages": [
            {"role": "user", "content": "Hello"},
            {"role": "assistant", "content": "Hi"},
            {"role": "user", "content": "Thanks"},
        ],
        "world": {"mcp_url": f"{base}/mcp", "tools_url": f"{base}/tools"},
    }


@pytest.mark.parametrize("body", [{}, {"message": 5}, {"message": None}])
def test_plain_server_without_a_message_fails_the_target(
    api: Gateway, target: UrlTarget, server: ChatServer, body: dict[str, Any]
) -> None:
    session = opened(api, target, server, protocol="http")
    server.reply(http(body))
    with pytest.raises(TargetFailed, match="message must be a text"):
        target.send(session, 1, "Hello")
