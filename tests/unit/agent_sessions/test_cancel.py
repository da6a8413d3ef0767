"""A turn is cancelled: at once, whatever its runner does; and who may neither cancel nor delete."""

from typing import Any

import pytest

from shared.llm.port import ModelAnswer, ModelRequest
from tests.support.agents import new_agent, new_session, say
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests
from tests.support.turns import Model, Turns, answers, call, events, session, text, types

KEY = {"idempotency-key": "k"}


@pytest.fixture
def session_id(api: Gateway) -> str:
    agent = new_agent(api, capabilities=[{"ref": "session_notes"}])
    return str(new_session(api, agent_id=agent["id"])["id"])


def url(session_id: str) -> str:
    return f"/v1/sessions/{session_id}"


def cancel(api: Gateway, session_id: str, body: Any = None) -> dict[str, Any]:
    answer = api("POST", f"{url(session_id)}/cancel", body)
    assert answer.status == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


@pytest.mark.parametrize("body", [None, {}, {"reason": "no"}])
def test_given_no_turn_then_cancelling_is_a_no_op(api: Gateway, session_id: str, body: Any) -> None:
    with counted_requests() as requests:
        told = cancel(api, session_id, body)
    assert (told["status"], set(told)) == ("no_op", {"status", "message"})
    assert types(api, session_id) == []
    assert requests == {"GetItem": 1}


def test_given_a_running_turn_when_cancelled_then_it_is_idle_at_once_and_the_answer_dropped(
    api: Gateway, session_id: str
) -> None:
    told: list[str] = []

    def meanwhile(_: ModelRequest) -> ModelAnswer:
        told.append(cancel(api, session_id)["status"])
        told.append(session(api, session_id)["status"])
        told.append(cancel(api, session_id, {})["status"])
        return text("too late")

    say(api, session_id, "Hello")
    Turns(Model(meanwhile)).run()

    assert told == ["cancelled", "idle", "no_op"]
    assert types(api, session_id)[-2:] == ["turn.cancelled", "session.idled"]
    found = events(api, session_id)
    assert found[-2]["data"]["turn_id"] == found[2]["data"]["turn_id"]
    assert found[-2]["data"]["reason"]
    assert answers(api, session_id) == []
    assert [event["sequence"] for event in found] == list(range(1, len(found) + 1))


def test_given_a_cancelled_turn_then_its_tools_have_no_effect_and_its_record_starts_nothing(
    api: Gateway, session_id: str
) -> None:
    def meanwhile(_: ModelRequest) -> ModelAnswer:
        cancel(api, session_id)
        return call("session_notes", action="set", key="name", value="Ada")

    turns = Turns(Model(meanwhile, call("session_notes", action="list"), text("none")))
    say(api, session_id, "Remember")
    records = turns.triggers()
    turns.deliver(*records)
    turns.deliver(*records)
    assert types(api, session_id)[-1] == "session.idled"

    say(api, session_id, "What do you know?")
    turns.run()
    told = [event for event in events(api, session_id) if event["type"] == "tool.completed"]
    assert [one["data"]["result"][0]["text"] for one in told] == ['{"notes":{}}']


def test_given_messages_behind_a_cancelled_turn_then_the_session_comes_to_rest(
    api: Gateway, session_id: str
) -> None:
    def meanwhile(_: ModelRequest) -> ModelAnswer:
        say(api, session_id, "second")
        cancel(api, session_id)
        return text("too late")

    model = Model(meanwhile, text("fresh"))
    turns = Turns(model)
    say(api, session_id, "first")
    turns.run()
    assert session(api, session_id)["status"] == "idle"
    assert answers(api, session_id) == []

    third = say(api, session_id, "third")
    turns.run()
    assert answers(api, session_id) == [(third["id"], "fresh")]
    shown = [message.content[0]["text"] for message in model.requests[-1].messages]
    assert shown == ["first", "second", "third"]


def test_given_many_who_cancel_at_once_then_the_turn_is_cancelled_once(
    api: Gateway, session_id: str
) -> None:
    def meanwhile(_: ModelRequest) -> ModelAnswer:
        answers = race(api, "POST", f"{url(session_id)}/cancel", {}, clients=5)
        told = sorted(answer.json["status"] for answer in answers)
        assert told == ["cancelled", *["no_op"] * 4]
        return text("too late")

    say(api, session_id, "Hello")
    Turns(Model(meanwhile)).run()
    assert types(api, session_id).count("turn.cancelled") == 1


@pytest.mark.parametrize(("method", "path"), [("POST", "/cancel"), ("DELETE", "")])
def test_given_a_session_that_is_not_ours_then_it_is_not_found(
    api: Gateway, other_api: Gateway, session_id: str, method: str, path: str
) -> None:
    for who, identifier, status in (
        (other_api, session_id, 404),
        (api, "session_" + "0" * 32, 404),
        (api, "session_1", 400),
    ):
        answer = who(method, url(identifier) + path)
        assert (answer.status, set(answer.json)) == (status, {"error"})
    assert session(api, session_id)["status"] == "started"


def test_given_a_key_that_only_reads_then_it_neither_cancels_nor_deletes(
    api: Gateway, session_id: str
) -> None:
    api.scopes = "read"
    assert api("POST", f"{url(session_id)}/cancel").status == 403
    assert api("DELETE", url(session_id)).status == 403
