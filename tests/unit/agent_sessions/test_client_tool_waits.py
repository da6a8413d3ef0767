"""Turns that wait for results of the client: what ends the wait, and what it costs."""

import pytest

from shared.llm.port import ModelAnswer, ModelRequest
from tests.support.agents import say
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests
from tests.support.turns import (
    BEGUN,
    Model,
    Turns,
    answer_texts,
    answers,
    call,
    payloads,
    session,
    text,
    types,
)
from tests.unit.agent_sessions.client_tools import (
    WAITING,
    accepted,
    result,
    session_with_tools,
    submit,
)
from tests.unit.agent_sessions.recovery import Killed, assert_whole, die


@pytest.fixture
def session_id(api: Gateway) -> str:
    return session_with_tools(api, "get_weather", "get_news")


def test_redelivered_records_of_a_waiting_turn_do_nothing(api: Gateway, session_id: str) -> None:
    model = Model(call("get_news"), text("No news"))
    turns = Turns(model)
    say(api, session_id, "News?")
    records = turns.triggers()
    turns.deliver(*records)
    before = types(api, session_id)
    turns.deliver(*records)
    assert types(api, session_id) == before

    accepted(api, session_id, result("call_get_news", "none"))
    continued = turns.triggers()
    turns.deliver(*continued)
    done = types(api, session_id)
    turns.deliver(*continued, *records)
    assert types(api, session_id) == done
    assert answer_texts(api, session_id) == ["No news"]


def test_run_that_dies_after_the_results_is_continued(api: Gateway, session_id: str) -> None:
    turns = Turns(Model(call("get_news"), die, text("No news")))
    say(api, session_id, "News?")
    turns.run()
    accepted(api, session_id, result("call_get_news", "none"))
    records = turns.triggers()
    with pytest.raises(Killed):
        turns.deliver(*records)
    turns.deliver(*records)
    assert answer_texts(api, session_id) == ["No news"]
    assert_whole(api, session_id)


def test_new_message_ends_the_wait_and_is_answered(api: Gateway, session_id: str) -> None:
    model = Model(call("get_weather"), text("Hi"))
    turns = Turns(model)
    say(api, session_id, "Weather?")
    turns.run()
    second = say(api, session_id, "Never mind")

    before = ["tool.completed", "turn.cancelled", "input.message"]
    assert types(api, session_id)[-6:] == [*before, *BEGUN]
    [ended] = payloads(api, session_id, "tool.completed")
    assert (ended["status"], ended["error"]) == ("cancelled", "Cancelled: user sent a new message")
    too_late = submit(api, session_id, result("call_get_weather", 18))
    assert too_late.status == 409
    assert "not waiting for tool results" not in too_late.json["error"]
    turns.run()

    assert answers(api, session_id) == [(second["id"], "Hi")]
    assert_whole(api, session_id)
    shown = model.requests[1].messages
    assert [message.role for message in shown] == ["user", "agent", "tool_result", "user"]
    assert shown[2].content[0]["error"] == "Cancelled: user sent a new message"


def test_message_sent_before_the_call_waits_in_order(api: Gateway, session_id: str) -> None:
    def call_while_another_is_sent(_: ModelRequest) -> ModelAnswer:
        say(api, session_id, "second")
        return call("get_news")

    turns = Turns(Model(call_while_another_is_sent, text("no news"), text("Hi")))
    say(api, session_id, "first")
    turns.run()
    assert session(api, session_id)["status"] == WAITING
    accepted(api, session_id, result("call_get_news", "none"))
    turns.run()
    assert answer_texts(api, session_id) == ["no news", "Hi"]
    assert_whole(api, session_id)


def test_cancel_ends_the_wait(api: Gateway, session_id: str) -> None:
    model = Model(call("get_weather"), text("Hi"))
    turns = Turns(model)
    say(api, session_id, "Weather?")
    turns.run()
    assert api("POST", f"/v1/sessions/{session_id}/cancel").json["status"] == "cancelled"

    assert types(api, session_id)[-3:] == ["tool.completed", "turn.cancelled", "session.idled"]
    assert session(api, session_id)["status"] == "idle"
    assert submit(api, session_id, result("call_get_weather", 18)).status == 409
    turns.run()
    assert_whole(api, session_id)
    say(api, session_id, "Hello")
    turns.run()
    shown = model.requests[1].messages
    assert [message.role for message in shown] == ["user", "agent", "tool_result", "user"]


def test_deleted_session_takes_no_results(api: Gateway, session_id: str) -> None:
    turns = Turns(Model(call("get_weather")))
    say(api, session_id, "Weather?")
    turns.run()
    assert api("DELETE", f"/v1/sessions/{session_id}").status == 204
    assert submit(api, session_id, result("call_get_weather", 18)).status == 404
    turns.run()


def test_waiting_sessions_are_listed_by_their_status(api: Gateway, session_id: str) -> None:
    turns = Turns(Model(call("get_weather")))
    say(api, session_id, "Weather?")
    turns.run()
    found = api("GET", f"/v1/sessions?status={WAITING}").json["data"]
    assert [one["id"] for one in found] == [session_id]


def test_wait_costs_a_run_with_one_write_more(api: Gateway, session_id: str) -> None:
    turns = Turns(Model(call("get_weather"), text("18")))
    say(api, session_id, "Weather?")
    with counted_requests() as called:
        turns.run()
    accepted(api, session_id, result("call_get_weather", 18))
    with counted_requests() as answered:
        turns.run()

    assert called["TransactWriteItems"] == 2
    assert answered["GetItem"] == 2  # session and agent
