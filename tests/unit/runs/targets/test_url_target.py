"""URL target: turns with an agent's server, answered from the recorded world."""

import pytest

from shared.runs.targets.url import UrlTarget
from shared.simulation.conversation import Called, Said
from shared.simulation.target import TargetFailed
from tests.support.chat_server import ChatServer, completion, http
from tests.support.gateway import Gateway
from tests.support.simulated import API_URL
from tests.support.snapshot import stored_items
from tests.unit.runs.targets.agent_turns import LATE, calls, opened


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
