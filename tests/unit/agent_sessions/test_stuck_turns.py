"""Stale turns, which a request or the sweep expires, and lost ones, which the sweep restarts."""

from datetime import timedelta
from typing import Any

import pytest

from shared.agents.messages.wiring import messages
from shared.agents.sessions.wiring import session_repository, turn_timeout
from shared.agents.turns.supervisor import SweepResult, TurnSupervisor
from shared.core.errors import Unavailable
from shared.core.ids import SessionId
from shared.storage.records import Record
from shared.storage.table import Table
from tests.support.agents import new_session, say
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests
from tests.support.turns import (
    Clock,
    Model,
    Turns,
    answer_texts,
    answers,
    events,
    session,
    text,
    types,
)
from tests.support.watch import running
from tests.unit.agent_sessions.recovery import Killed, answer_after_timeout, assert_whole, die


@pytest.fixture
def stuck(api: Gateway, session_id: str) -> Turns:
    """A session whose turn was begun an hour ago, by a run that was killed."""
    clock = Clock()
    clock.forward(-3600)
    turns = Turns(Model(die, text("Hi")), clock)
    say(api, session_id, "Hello")
    with pytest.raises(Killed):
        turns.deliver(*turns.triggers())
    clock.forward(3600)
    return turns


EXPIRED = ["reason.completed", "turn.failed", "session.idled"]


@pytest.mark.parametrize("path", ["", "/messages", "/events", "/sse"])
def test_read_expires_stale_turn(api: Gateway, session_id: str, stuck: Turns, path: str) -> None:
    answer = api("GET", f"/v1/sessions/{session_id}{path}")

    assert answer.status == 200
    if path in ("/events", "/sse"):
        assert "turn.failed" in answer.text
    assert types(api, session_id)[-3:] == EXPIRED
    assert events(api, session_id)[-2]["data"]["retryable"]
    assert_whole(api, session_id)


def test_new_message_expires_stale_turn_and_is_answered(
    api: Gateway, session_id: str, stuck: Turns
) -> None:
    message = say(api, session_id, "Are you there?")
    assert types(api, session_id)[-4:] == [*EXPIRED, "input.message"]
    stuck.run()
    assert answers(api, session_id) == [(message["id"], "Hi")]
    assert_whole(api, session_id)


def supervisor_later(seconds: float) -> TurnSupervisor:
    clock = Clock()
    clock.forward(seconds)
    return TurnSupervisor(session_repository(), turn_timeout(), clock)


def sweep_later(seconds: float) -> SweepResult:
    with running("SweepTurnsFunction"):
        return supervisor_later(seconds).sweep()


def test_sweep_expires_stale_turn(api: Gateway, session_id: str, stuck: Turns) -> None:
    assert sweep_later(1000) == SweepResult(expired=1, restarted=0)
    assert types(api, session_id)[-3:] == EXPIRED
    assert_whole(api, session_id)
    assert sweep_later(1000) == SweepResult(expired=0, restarted=0)


def test_turn_expired_during_the_sweep_is_expired_once(
    api: Gateway, session_id: str, stuck: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor = supervisor_later(1000)
    waiting = session_repository().list_waiting(Clock().now, 100)
    monkeypatch.setattr(session_repository(), "list_waiting", lambda *_: waiting)
    assert api("GET", f"/v1/sessions/{session_id}").status == 200
    found = types(api, session_id)
    assert found[-3:] == EXPIRED

    with running("SweepTurnsFunction"):
        supervisor.sweep()

    assert types(api, session_id) == found
    assert_whole(api, session_id)


def test_messages_behind_an_expired_turn_are_answered(
    api: Gateway, session_id: str, stuck: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Created with a long timeout, so that the create itself does not expire the turn.
    patient = TurnSupervisor(session_repository(), timedelta(days=1))
    monkeypatch.setattr(messages(), "_supervisor", patient)
    say(api, session_id, "second")
    stuck.triggers()  # its record is lost
    assert session_repository().get(api.organization_id, SessionId.parse(session_id)).turn

    assert sweep_later(1000) == SweepResult(expired=1, restarted=0)
    stuck.run()

    assert answer_texts(api, session_id) == ["Hi"]
    assert_whole(api, session_id)


def test_sweep_restarts_session_whose_record_was_lost(api: Gateway, session_id: str) -> None:
    turns = Turns(Model(text("Hi")))
    say(api, session_id, "Hello")
    assert len(turns.triggers()) == 1  # lost

    assert sweep_later(0) == SweepResult(expired=0, restarted=0)
    assert sweep_later(1000) == SweepResult(expired=0, restarted=1)
    assert sweep_later(1000) == SweepResult(expired=0, restarted=0)  # restarted already
    turns.run()

    assert answer_texts(api, session_id) == ["Hi"]
    assert_whole(api, session_id)
    assert sweep_later(1000) == SweepResult(expired=0, restarted=0)


def test_failure_on_one_session_does_not_stop_the_sweep(
    api: Gateway, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = new_session(api, agent_id=session(api, session_id)["agent_id"])["id"]
    turns = Turns(Model(text("Hi")))
    for one in (session_id, other):
        say(api, one, "Hello")
    assert len(turns.triggers()) == 2  # both are lost
    create = Table.create

    def fail(table: Table, record: Record, *arguments: Any) -> Any:
        if session_id.removeprefix("session_") in record.key.partition:
            raise Unavailable("The storage does not answer.")
        return create(table, record, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(Table, "create", fail)
        assert sweep_later(1000) == SweepResult(expired=0, restarted=1)
    turns.run()

    assert answer_texts(api, other) == ["Hi"]
    assert sweep_later(1000) == SweepResult(expired=0, restarted=1)
    turns.run()
    assert answer_texts(api, session_id) == ["Hi"]


def test_sweep_restarts_session_after_a_lost_handover(api: Gateway, session_id: str) -> None:
    clock = Clock()
    turns = Turns(Model(answer_after_timeout(clock, text("one")), text("two")), clock)
    for words in ("first", "second"):
        say(api, session_id, words)
    turns.deliver(*turns.triggers())
    assert len(turns.triggers()) == 1  # lost

    assert sweep_later(1000) == SweepResult(expired=0, restarted=1)
    turns.run()

    assert answer_texts(api, session_id) == ["one", "two"]
    assert_whole(api, session_id)


def test_sweep_without_waiting_sessions_costs_one_query_a_shard(
    api: Gateway, session_id: str
) -> None:
    say(api, session_id, "Hello")
    Turns(Model(text("Hi"))).run()
    with counted_requests() as requests:
        assert sweep_later(1000) == SweepResult(expired=0, restarted=0)
    assert requests == {"Query": 3}
