"""Turns above the limit of an organization: their order, and how many are in progress."""

from threading import Lock

import pytest

from shared.agents.admission.documents import FIRST_SLOT, FIRST_WAITING
from shared.agents.admission.wiring import turn_queue
from shared.agents.turns.queue_run import run_turn
from shared.llm.port import ModelAnswer, ModelRequest
from tests.support.agents import say
from tests.support.gateway import Gateway
from tests.support.racing import at_once
from tests.support.turns import Message, Model, Turns, answer_texts, text
from tests.unit.agent_sessions.fair_turns import LIMIT, nothing_is_left, opened, stored

pytestmark = pytest.mark.usefixtures("limited_turns")


def test_turns_above_the_limit_run_in_the_order_of_their_messages(api: Gateway) -> None:
    asked: list[str] = []

    def answer(request: ModelRequest) -> ModelAnswer:
        asked.append(request.messages[-1].content[0]["text"])
        assert stored(api.organization_id, FIRST_SLOT) <= LIMIT
        return text("Hi")

    turns = Turns(Model(answer))
    sessions = opened(api, 7)
    turns.dispatch(*reversed(turns.triggers()))
    assert stored(api.organization_id, FIRST_WAITING) == 5
    turns.work()

    assert asked == [f"message {place}" for place in range(7)]
    assert nothing_is_left(api, sessions)


def test_session_with_many_messages_lets_others_in_between(api: Gateway) -> None:
    asked: list[str] = []

    def answer(request: ModelRequest) -> ModelAnswer:
        asked.append(request.messages[-1].content[0]["text"])
        return text("Hi")

    turns = Turns(Model(answer))
    [busy] = opened(api, 1)
    say(api, busy, "message 0, again")
    others = opened(api, 4)
    turns.run()

    assert len(asked) == 6
    assert asked[-1] == "message 0, again"
    assert nothing_is_left(api, [busy, *others])


def run_at_once(messages: list[Message], turns: Turns) -> None:
    at_once(len(messages), lambda number: run_turn(messages[number], turn_queue(), turns.context))


def test_no_more_turns_than_the_limit_are_in_progress(api: Gateway) -> None:
    now, most, lock = 0, 0, Lock()

    def answer(_: ModelRequest) -> ModelAnswer:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        with lock:
            now -= 1
        return text("Hi")

    turns = Turns(Model(answer))
    sessions = opened(api, 20)
    records = turns.triggers()
    at_once(len(records), lambda number: turns.dispatch(records[number]))
    while messages := turns.queue.receive():
        # Each twice at once: a standard queue may deliver a message more than once.
        run_at_once(messages * 2, turns)
        for message in messages:
            turns.queue.delete(message)
        turns.dispatch(*turns.triggers())

    assert most <= LIMIT
    assert nothing_is_left(api, sessions)


def test_cancelled_session_frees_its_slot(api: Gateway) -> None:
    turns = Turns(Model(text("Hi")))
    sessions = opened(api, LIMIT + 1)
    turns.dispatch(*turns.triggers())
    for one in sessions[:LIMIT]:
        api("POST", f"/v1/sessions/{one}/cancel")
    api("DELETE", f"/v1/sessions/{sessions[0]}")
    turns.work()

    assert answer_texts(api, sessions[LIMIT]) == ["Hi"]
    assert nothing_is_left(api, sessions[LIMIT:])
