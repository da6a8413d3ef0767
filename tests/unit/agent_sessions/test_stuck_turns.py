"""Stale turns, which a request or the sweep expires, and lost ones, which the sweep restarts."""

from datetime import timedelta
from typing import Any

import pytest

from shared.agents.messages.wiring import messages
from shared.agents.sessions.wiring import session_repository
from shared.agents.turns.supervisor import TurnSupervisor
from shared.agents.turns.sweep import SweepResult
from shared.core.errors import Unavailable
from shared.core.ids import OrganizationId, SessionId
from shared.storage.records import Record
from shared.storage.table import Table
from tests.support.agents import new_agent, new_session, say
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests
from tests.support.turns import (
    BEGUN,
    Clock,
    Model,
    Turns,
    answer_texts,
    answers,
    events,
    text,
    types,
)
from tests.support.watch import outside
from tests.unit.agent_sessions.recovery import Killed, assert_whole, die, expire_leases, sweep_later


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
    assert types(api, session_id)[-7:] == [*EXPIRED, "input.message", *BEGUN]
    stuck.run()
    assert answers(api, session_id) == [(message["id"], "Hi")]
    assert_whole(api, session_id)


def test_sweep_expires_stale_turn(api: Gateway, session_id: str, stuck: Turns) -> None:
    assert sweep_later(1000) == SweepResult(expired=1, restarted=0)
    assert types(api, session_id)[-3:] == EXPIRED
    assert_whole(api, session_id)
    assert sweep_later(1000) == SweepResult(expired=0, restarted=0)


def test_turn_expired_during_the_sweep_is_expired_once(
    api: Gateway, session_id: str, stuck: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_many = session_repository().load_many
    found: list[str] = []

    def expired_after_the_read(*arguments: Any) -> Any:
        read = load_many(*arguments)
        with outside():
            assert api("GET", f"/v1/sessions/{session_id}").status == 200
            found.extend(types(api, session_id))
        return read

    monkeypatch.setattr(session_repository(), "load_many", expired_after_the_read)

    sweep_later(1000)

    assert found[-3:] == EXPIRED
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

    assert sweep_later(1000).restarted == 0  # the message took a slot
    expire_leases(api)
    assert sweep_later(0) == SweepResult()
    assert sweep_later(1000).restarted == 1
    waiting = sweep_later(1000)
    assert waiting.restarted == 0  # it has a slot
    assert 1000 <= waiting.oldest < 1100
    turns.work()

    assert answer_texts(api, session_id) == ["Hi"]
    assert_whole(api, session_id)
    assert sweep_later(1000) == SweepResult(expired=0, restarted=0)


def test_failure_on_one_organization_does_not_stop_the_sweep(
    api: Gateway, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Gateway(organization_id=OrganizationId.new())
    other_session = new_session(other, agent_id=new_agent(other)["id"])["id"]
    turns = Turns(Model(text("Hi")))
    say(api, session_id, "Hello")
    say(other, other_session, "Hello")
    assert len(turns.triggers()) == 2  # both are lost
    expire_leases(api)
    expire_leases(other)
    create = Table.create

    def fail(table: Table, record: Record, *arguments: Any) -> Any:
        if record.key.partition.startswith(str(api.organization_id)):
            raise Unavailable("The storage does not answer.")
        return create(table, record, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(Table, "create", fail)
        assert sweep_later(1000).restarted == 1
    turns.work()

    assert answer_texts(other, other_session) == ["Hi"]
    assert sweep_later(1000).restarted == 1
    turns.work()
    assert answer_texts(api, session_id) == ["Hi"]


def test_sweep_restarts_session_after_a_lost_handover(api: Gateway, session_id: str) -> None:
    turns = Turns(Model(text("one"), text("two")))
    for words in ("first", "second"):
        say(api, session_id, words)
    turns.deliver(*turns.triggers())
    assert len(turns.triggers()) == 1  # lost

    assert sweep_later(1000).restarted == 1
    turns.work()

    assert answer_texts(api, session_id) == ["one", "two"]
    assert_whole(api, session_id)


def test_sweep_without_waiting_sessions_costs_one_query_a_shard_of_both_indexes(
    api: Gateway, session_id: str
) -> None:
    say(api, session_id, "Hello")
    Turns(Model(text("Hi"))).run()
    with counted_requests() as requests:
        assert sweep_later(1000) == SweepResult(expired=0, restarted=0)
    assert requests == {"Query": 64 + 3}
