"""Messages and decisions that come again, or at once: replays, refusals, races."""

import threading

import pytest

from shared.playground.engine_ports import AgentAnswer, AgentRequest
from shared.playground.scripted_agent import ScriptedAgent
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.sse import last
from tests.support.storage import counted_requests
from tests.unit.playground.conversations import (
    URL,
    awaiting_approval,
    items,
    opened,
    read,
    say,
)


def test_given_a_message_again_with_its_key_then_it_streams_the_same_and_changes_nothing(
    api: Gateway,
) -> None:
    session = opened(api)
    key = {"Idempotency-Key": "one"}
    first = say(api, session, "I am ada@example.org", headers=key)
    say(api, session, "HP-20417")
    say(api, session, "none")
    before = items()

    again = say(api, session, "I am ada@example.org", headers=key)

    assert (again.status, again.text) == (200, first.text)
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert items() == before


def test_given_a_decision_again_with_its_key_then_it_streams_the_same(api: Gateway) -> None:
    session = awaiting_approval(api)
    url, key = f"{URL}/{session}/resume", {"Idempotency-Key": "one"}

    answers = [api("POST", url, {"decision": "deny"}, headers=key) for _ in range(2)]

    assert answers[0].text == answers[1].text
    assert last(answers[1].text)[1]["current_step_id"] == "offer_alternative"


def test_given_a_key_with_another_message_then_it_is_refused(api: Gateway) -> None:
    session = opened(api)
    key = {"Idempotency-Key": "one"}
    say(api, session, "Hi", headers=key)

    answer = say(api, session, "Ho", headers=key)

    assert (answer.status, answer.json["error"]) == (422, "idempotency_key_reused")


def test_given_messages_at_once_then_one_wins_and_nothing_is_mixed(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = opened(api)
    everyone, here = threading.Barrier(4, timeout=60), threading.local()
    answer = ScriptedAgent.answer

    def once_all_have_read(agent: ScriptedAgent, request: AgentRequest) -> AgentAnswer:
        if not hasattr(here, "waited"):
            here.waited = everyone.wait()
        return answer(agent, request)

    monkeypatch.setattr(ScriptedAgent, "answer", once_all_have_read)

    message = {"message": "I am ada@example.org"}
    answers = race(api, "POST", f"{URL}/{session}/messages", message, clients=4)

    won, *refused = sorted(answers, key=lambda answer: answer.status)
    assert won.status == 200
    assert [(lost.status, lost.json["error"]) for lost in refused] == [(409, "turn_conflict")] * 3
    now = read(api, session)
    assert now == {k: v for k, v in last(won.text)[1].items() if k != "reply"}
    assert now["step_count"] == 1
    assert len(api("GET", f"{URL}/{session}/trace").json["items"]) == 1


def test_given_one_message_twice_at_once_with_one_key_then_it_is_one_turn(api: Gateway) -> None:
    session = opened(api)
    key = {"Idempotency-Key": "one"}

    answers = race(
        api, "POST", f"{URL}/{session}/messages", {"message": "Hi"}, headers=key, clients=6
    )

    assert {answer.status for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert read(api, session)["step_count"] == 1


def test_given_a_turn_with_a_key_then_it_costs_no_more_requests(api: Gateway) -> None:
    session = opened(api)

    with counted_requests() as counts:
        say(api, session, "Hi", headers={"Idempotency-Key": "one"})

    assert counts == {"BatchGetItem": 1, "TransactWriteItems": 1}
