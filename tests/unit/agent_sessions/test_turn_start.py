"""Turns that begin with their message: slots, repeated records, crashes, and starts that wait."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest

from shared.agents.admission.documents import FIRST_SLOT, FIRST_WAITING, turns_key
from shared.agents.admission.slots import Slots
from shared.agents.admission.wiring import turn_queue
from shared.agents.sessions.domain import AgentSession
from shared.agents.turns.queue_run import run_turn
from shared.llm.port import ModelAnswer, ModelRequest
from shared.storage.table import table
from tests.support.agents import new_session, say
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests, forget_process_state
from tests.support.turns import (
    BEGUN,
    Model,
    Turns,
    answer_texts,
    call,
    payloads,
    session,
    text,
    types,
)
from tests.unit.agent_sessions.recovery import Killed, assert_whole, killed_at

TOOL = {
    "type": "client_side",
    "name": "ask_user",
    "description": "x",
    "parameters": {"type": "object", "properties": {}},
}


def slots_of(api: Gateway) -> int:
    first = turns_key(api.organization_id, FIRST_SLOT)
    return len(list(table().query(first, upto=f"{FIRST_SLOT}~")))


def waiting_of(api: Gateway) -> int:
    first = turns_key(api.organization_id, FIRST_WAITING)
    return len(list(table().query(first, upto=f"{FIRST_WAITING}~")))


@pytest.fixture
def one_slot(dynamodb_table: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MAX_TURNS_PER_ORGANIZATION", "1")
    forget_process_state()
    yield
    forget_process_state()


def test_message_of_idle_session_begins_its_turn(api: Gateway, session_id: str) -> None:
    with counted_requests() as requests:
        say(api, session_id, "Hello")

    assert requests == {"GetItem": 1, "TransactWriteItems": 1}
    assert types(api, session_id) == ["input.message", *BEGUN]
    assert session(api, session_id)["status"] == "active"
    assert slots_of(api) == 1


def test_last_write_of_the_turn_frees_its_slot(api: Gateway, session_id: str) -> None:
    say(api, session_id, "Hello")
    turns = Turns(Model(text("Hi")))
    with counted_requests() as requests:
        turns.run()

    assert requests == {"BatchGetItem": 1, "Query": 1, "TransactWriteItems": 1}
    assert slots_of(api) == 0
    assert_whole(api, session_id)


def test_message_takes_another_slot_than_one_in_use(
    api: Gateway, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_after_another(slots: Slots, one: AgentSession, _: Any, attempt: int) -> Any:
        return slots.new(one.organization_id, one.id, attempt, one.agent_id)

    monkeypatch.setattr(Slots, "of_message", one_after_another)
    sessions = [session_id, *(str(new_session(api)["id"]) for _ in range(3))]
    for one in sessions:
        say(api, one, "Hello")

    # Three slots are tried: the last message waits for its admission.
    assert [types(api, one)[1:] for one in sessions] == [BEGUN, BEGUN, BEGUN, []]
    Turns(Model(text("Hi"))).run()
    assert [answer_texts(api, one) for one in sessions] == [["Hi"]] * 4
    assert slots_of(api) == 0


@pytest.mark.usefixtures("one_slot")
def test_start_that_waits_gets_the_slot_of_a_turn_that_began_with_its_message(
    api: Gateway, session_id: str
) -> None:
    turns = Turns(Model(text("Hi")))
    sessions = [session_id, *(str(new_session(api)["id"]) for _ in range(2))]
    for one in sessions:
        say(api, one, "Hello")
    turns.dispatch(*turns.triggers())
    assert (slots_of(api), waiting_of(api)) == (1, 2)

    turns.work()

    assert [answer_texts(api, one) for one in sessions] == [["Hi"]] * 3
    assert (slots_of(api), waiting_of(api)) == (0, 0)


@pytest.mark.usefixtures("one_slot")
@pytest.mark.parametrize("carried_out", [False, True])
@pytest.mark.parametrize("request_number", range(1, 10))
def test_start_that_waits_is_not_lost_with_a_killed_run(
    api: Gateway, session_id: str, request_number: int, carried_out: bool
) -> None:
    turns = Turns(Model(text("Hi")))
    other = str(new_session(api)["id"])
    for one in (session_id, other):
        say(api, one, "Hello")
    turns.dispatch(*turns.triggers())
    with killed_at(request_number, carried_out=carried_out), pytest.raises(Killed):
        turns.work()

    turns.work()

    assert [answer_texts(api, one) for one in (session_id, other)] == [["Hi"], ["Hi"]]
    assert (slots_of(api), waiting_of(api)) == (0, 0)


def test_message_queued_twice_is_answered_once_and_calls_tools_once(
    api: Gateway, session_id: str
) -> None:
    asked: list[int] = []
    second: list[Thread] = []

    def answer(request: ModelRequest) -> ModelAnswer:
        asked.append(len(request.messages))
        if not second:
            second.append(Thread(target=run_turn, args=(message, turn_queue(), turns.context)))
            second[0].start()
            second[0].join()
        if len(request.messages) == 1:
            return call("session_notes", action="set", key="a", value="b")
        return text("Hi")

    say(api, session_id, "Remember b")
    turns = Turns(Model(answer))
    [record] = turns.triggers()
    turns.dispatch(record, record)
    turns.dispatch(record)
    [message, again] = turns.queue.receive()
    turns.run_message(again)

    assert answer_texts(api, session_id) == ["Hi"]
    assert [one["success"] for one in payloads(api, session_id, "tool.completed")] == [True]
    assert slots_of(api) == 0
    assert_whole(api, session_id)


def test_cancelled_turn_frees_its_slot(api: Gateway, session_id: str) -> None:
    say(api, session_id, "Hello")
    api("POST", f"/v1/sessions/{session_id}/cancel", {})
    model = Model(text("late"))
    Turns(model).run()

    assert model.requests == []
    assert slots_of(api) == 0


def test_deleted_session_frees_its_slot(api: Gateway, session_id: str) -> None:
    say(api, session_id, "Hello")
    api("DELETE", f"/v1/sessions/{session_id}")
    Turns(Model(text("late"))).run()

    assert slots_of(api) == 0


def test_repeated_create_takes_no_second_slot(api: Gateway, session_id: str) -> None:
    path = f"/v1/sessions/{session_id}/messages"
    body = {"message": {"content": [{"type": "text", "text": "Hello"}]}}
    first, again = (api("POST", path, body, headers={"Idempotency-Key": "k"}) for _ in range(2))

    assert (first.status, again.status) == (201, 201)
    assert again.text == first.text
    assert slots_of(api) == 1
    assert types(api, session_id) == ["input.message", *BEGUN]


@pytest.mark.usefixtures("one_slot")
def test_cancelled_turn_hands_a_slot_on_that_a_start_waits_for(
    api: Gateway, session_id: str
) -> None:
    """Leak: the mark raises the slot's version, and a lost run leaves any other version alone."""
    other = str(new_session(api)["id"])
    asked: list[int] = []

    def answer(_: ModelRequest) -> ModelAnswer:
        asked.append(1)
        if len(asked) == 1:
            api("POST", f"/v1/sessions/{session_id}/cancel", {})
        return text("Hi")

    turns = Turns(Model(answer))
    say(api, session_id, "Hello")
    say(api, other, "Hello")
    turns.dispatch(*turns.triggers())
    assert (slots_of(api), waiting_of(api)) == (1, 1)

    turns.work()

    assert answer_texts(api, other) == ["Hi"]
    assert (slots_of(api), waiting_of(api)) == (0, 0)


def test_run_without_a_claim_does_not_write_after_another_run_left_the_turn_to_the_client(
    api: Gateway, session_id: str
) -> None:
    """Fence: a turn that waits for its client has no runner, as one that has just begun."""
    second: list[Thread] = []

    def answer(request: ModelRequest) -> ModelAnswer:
        if not second:
            second.append(Thread(target=run_turn, args=(message, turn_queue(), turns.context)))
            second[0].start()
            second[0].join()
            assert session(api, session_id)["status"] == "waitingfortoolresults"
            return text("late")
        return call("ask_user")

    api("PATCH", f"/v1/sessions/{session_id}", {"tools": [TOOL]})
    say(api, session_id, "Hello")
    turns = Turns(Model(answer))
    [record] = turns.triggers()
    turns.dispatch(record, record)
    turns.dispatch(record)
    [message, again] = turns.queue.receive()
    turns.run_message(again)

    assert answer_texts(api, session_id) == [], types(api, session_id)
    assert session(api, session_id)["status"] == "waitingfortoolresults"


def test_run_of_an_ended_turn_does_not_ask_the_model_for_the_next_one_without_a_slot(
    api: Gateway, session_id: str
) -> None:
    """A late delivery of the first message finds the second turn, which has a slot of its own."""
    model = Model(text("Hi"))
    turns = Turns(model)
    say(api, session_id, "One")
    [record] = turns.triggers()
    turns.dispatch(record)
    [first] = turns.queue.receive()
    turns.run_message(first)
    say(api, session_id, "Two")
    turns.run_message(first)  # SQS delivers it twice

    assert len(model.requests) == 1
    assert slots_of(api) == 1
