"""Cancellation of a running turn: effect at once, whatever its runner does."""

from typing import Any

import pytest
from botocore.client import BaseClient

from shared.agents.turns.sweep import SweepResult
from shared.llm.port import ModelAnswer, ModelRequest
from tests.support.agents import say
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests
from tests.support.turns import (
    BEGUN,
    Model,
    Turns,
    answers,
    call,
    events,
    in_event_loop,
    payloads,
    session,
    text,
    types,
)
from tests.unit.agent_sessions.recovery import sweep_later


def url(session_id: str) -> str:
    return f"/v1/sessions/{session_id}"


def cancel(api: Gateway, session_id: str, body: Any = None) -> dict[str, Any]:
    answer = api("POST", f"{url(session_id)}/cancel", body)
    assert answer.status == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


@pytest.mark.parametrize("body", [None, {}, {"reason": "no"}])
def test_cancel_without_turn_is_no_op(api: Gateway, session_id: str, body: Any) -> None:
    with counted_requests() as requests:
        result = cancel(api, session_id, body)
    assert (result["status"], set(result)) == ("no_op", {"status", "message"})
    assert types(api, session_id) == []
    assert requests == {"GetItem": 1}


def test_cancel_of_running_turn_drops_its_answer(api: Gateway, session_id: str) -> None:
    statuses: list[str] = []

    def cancel_first(_: ModelRequest) -> ModelAnswer:
        statuses.append(cancel(api, session_id)["status"])
        statuses.append(session(api, session_id)["status"])
        statuses.append(cancel(api, session_id, {})["status"])
        return text("too late")

    say(api, session_id, "Hello")
    Turns(Model(cancel_first)).run()

    assert statuses == ["cancelled", "idle", "no_op"]
    assert types(api, session_id)[-2:] == ["turn.cancelled", "session.idled"]
    found = events(api, session_id)
    assert found[-2]["data"]["turn_id"] == found[2]["data"]["turn_id"]
    assert found[-2]["data"]["reason"]
    assert answers(api, session_id) == []
    assert [event["sequence"] for event in found] == list(range(1, len(found) + 1))


def test_cancelled_turn_has_no_tool_effects_and_is_not_restarted(
    api: Gateway, session_id: str
) -> None:
    def cancel_first(_: ModelRequest) -> ModelAnswer:
        cancel(api, session_id)
        return call("session_notes", action="set", key="name", value="Ada")

    turns = Turns(Model(cancel_first, call("session_notes", action="list"), text("none")))
    say(api, session_id, "Remember")
    records = turns.triggers()
    turns.deliver(*records)
    turns.deliver(*records)
    assert types(api, session_id)[-1] == "session.idled"

    say(api, session_id, "What do you know?")
    turns.run()
    results = payloads(api, session_id, "tool.completed")
    assert [one["result"][0]["text"] for one in results] == ['{"notes":{}}']


def test_cancel_ends_the_wait_of_later_messages(api: Gateway, session_id: str) -> None:
    def cancel_first(_: ModelRequest) -> ModelAnswer:
        say(api, session_id, "second")
        cancel(api, session_id)
        return text("too late")

    model = Model(cancel_first, text("fresh"))
    turns = Turns(model)
    say(api, session_id, "first")
    turns.run()
    assert session(api, session_id)["status"] == "idle"
    assert answers(api, session_id) == []

    cancelled = [e for e in events(api, session_id) if e["type"] == "turn.cancelled"]
    inputs = [e["data"]["message"]["id"] for e in events(api, session_id, "?types=input.message")]
    assert [event["context"]["input_message_id"] for event in cancelled] == inputs

    third = say(api, session_id, "third")
    turns.run()
    assert answers(api, session_id) == [(third["id"], "fresh")]
    shown = [message.content[0]["text"] for message in model.requests[-1].messages]
    assert shown == ["first", "second", "third"]


def test_cancel_before_the_turn_begins_leaves_the_message_and_runs_no_turn(
    api: Gateway, session_id: str
) -> None:
    model = Model(text("late"))
    turns = Turns(model)
    message = say(api, session_id, "Hello")

    with counted_requests() as requests:
        result = cancel(api, session_id)

    assert result["status"] == "cancelled"
    assert requests == {"GetItem": 1, "TransactWriteItems": 1}
    turns.run()
    assert model.requests == []
    found = events(api, session_id)
    assert [event["type"] for event in found] == [
        "input.message",
        *BEGUN,
        "turn.cancelled",
        "session.idled",
    ]
    cancelled, idled = found[-2:]
    turn_id = cancelled["data"]["turn_id"]
    assert cancelled["context"] == {"turn_id": turn_id, "input_message_id": message["id"]}
    assert idled["data"] == {"turn_id": turn_id}
    assert session(api, session_id)["status"] == "idle"
    listed = api("GET", f"{url(session_id)}/messages").json["data"]
    assert [one["id"] for one in listed] == [message["id"]]
    assert cancel(api, session_id)["status"] == "no_op"
    assert sweep_later(0) == SweepResult()


def test_message_after_a_cancelled_one_is_answered(api: Gateway, session_id: str) -> None:
    model = Model(text("Hi"))
    turns = Turns(model)
    say(api, session_id, "first")
    cancel(api, session_id)
    second = say(api, session_id, "second")
    turns.run()

    assert answers(api, session_id) == [(second["id"], "Hi")]
    shown = [message.content[0]["text"] for message in model.requests[-1].messages]
    assert shown == ["first", "second"]


def test_cancel_ends_the_wait_of_all_messages(api: Gateway, session_id: str) -> None:
    model = Model(text("late"))
    turns = Turns(model)
    sent = [say(api, session_id, str(number))["id"] for number in range(3)]

    assert cancel(api, session_id)["status"] == "cancelled"
    turns.run()

    assert model.requests == []
    cancelled = events(api, session_id, "?types=turn.cancelled")
    assert [event["context"]["input_message_id"] for event in cancelled] == sent
    assert types(api, session_id)[-1] == "session.idled"


@pytest.mark.parametrize("place", range(3))
def test_cancel_during_the_start_of_a_runner_wins_or_cancels_its_turn(
    api: Gateway, session_id: str, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    """The cancel arrives before one of the runner's first requests: never an answer after it."""
    turns = Turns(Model(text("late")))
    say(api, session_id, "Hello")
    turns.dispatch(*turns.triggers())
    [message] = turns.queue.receive()
    statuses: list[str] = []
    send = BaseClient._make_api_call  # type: ignore[attr-defined]  # private, and stable
    requests = iter(range(100))

    def cancel_before(client: BaseClient, operation: str, arguments: Any) -> Any:
        if next(requests) == place and not statuses:
            statuses.append("")
            with monkeypatch.context() as undisturbed:
                undisturbed.setattr(BaseClient, "_make_api_call", send)
                statuses[0] = in_event_loop(lambda: cancel(api, session_id)["status"])
        return send(client, operation, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", cancel_before)
    turns.run_message(message)
    monkeypatch.setattr(BaseClient, "_make_api_call", send)

    assert statuses == ["cancelled"]
    assert answers(api, session_id) == []
    assert types(api, session_id).count("turn.cancelled") == 1
    assert types(api, session_id)[-1] == "session.idled"
    assert session(api, session_id)["status"] == "idle"


def test_concurrent_cancels_cancel_the_waiting_message_once(api: Gateway, session_id: str) -> None:
    say(api, session_id, "Hello")
    responses = race(api, "POST", f"{url(session_id)}/cancel", {}, clients=5)
    assert sorted(one.json["status"] for one in responses) == ["cancelled", *["no_op"] * 4]
    assert types(api, session_id).count("turn.cancelled") == 1


def test_concurrent_cancels_cancel_the_turn_once(api: Gateway, session_id: str) -> None:
    def cancel_first(_: ModelRequest) -> ModelAnswer:
        responses = race(api, "POST", f"{url(session_id)}/cancel", {}, clients=5)
        assert sorted(response.json["status"] for response in responses) == [
            "cancelled",
            *["no_op"] * 4,
        ]
        return text("too late")

    say(api, session_id, "Hello")
    Turns(Model(cancel_first)).run()
    assert types(api, session_id).count("turn.cancelled") == 1
