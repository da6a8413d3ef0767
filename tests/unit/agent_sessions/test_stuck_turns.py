"""Turns that lost their runner: stopped by whoever comes by, or by the sweep."""

from datetime import timedelta
from typing import Any

import pytest

from shared.agents.domain import MessageRole, NewMessage
from shared.agents.message_service import MessageService
from shared.agents.service import models, store, turn_timeout
from shared.agents.turn_keeper import Swept, TurnKeeper
from shared.core.errors import Unavailable
from shared.core.ids import SessionId
from shared.llm.port import ModelAnswer, ModelRequest
from shared.storage.records import Record
from shared.storage.table import Table
from tests.support.agents import new_session, say
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests
from tests.support.turns import (
    Clock,
    Model,
    Turns,
    answers,
    events,
    session,
    text,
    types,
)
from tests.support.watch import running
from tests.unit.agent_sessions.recovery import Killed, assert_whole


@pytest.fixture
def stuck(api: Gateway, session_id: str) -> Turns:
    """A session whose turn was begun an hour ago, by a runner that is gone."""

    def die(_: ModelRequest) -> ModelAnswer:
        raise Killed

    clock = Clock()
    clock.forward(-3600)
    turns = Turns(Model(die, text("Hi")), clock)
    say(api, session_id, "Hello")
    with pytest.raises(Killed):
        turns.deliver(*turns.triggers())
    clock.forward(3600)
    return turns


STOPPED = ["reason.completed", "turn.failed", "session.idled"]


@pytest.mark.parametrize("path", ["", "/messages", "/events", "/sse"])
def test_given_a_stuck_turn_then_whoever_reads_the_session_stops_it(
    api: Gateway, session_id: str, stuck: Turns, path: str
) -> None:
    answer = api("GET", f"/v1/sessions/{session_id}{path}")

    assert answer.status == 200
    if path in ("/events", "/sse"):
        assert "turn.failed" in answer.text
    assert types(api, session_id)[-3:] == STOPPED
    assert events(api, session_id)[-2]["data"]["retryable"]
    assert_whole(api, session_id)


def test_given_a_stuck_turn_then_a_new_message_stops_it_and_is_answered(
    api: Gateway, session_id: str, stuck: Turns
) -> None:
    message = say(api, session_id, "Are you there?")
    assert types(api, session_id)[-4:] == [*STOPPED, "input.message"]
    stuck.run()
    assert answers(api, session_id) == [(message["id"], "Hi")]
    assert_whole(api, session_id)


def keeper_later(seconds: float) -> TurnKeeper:
    clock = Clock()
    clock.forward(seconds)
    return TurnKeeper(store(), turn_timeout(), clock)


def swept_later(seconds: float) -> Swept:
    with running("SweepTurnsFunction"):
        return keeper_later(seconds).sweep()


def test_given_a_stuck_turn_then_the_sweep_stops_it(
    api: Gateway, session_id: str, stuck: Turns
) -> None:
    assert swept_later(1000) == Swept(stopped=1, woken=0)
    assert types(api, session_id)[-3:] == STOPPED
    assert_whole(api, session_id)
    assert swept_later(1000) == Swept(stopped=0, woken=0)


def test_given_a_stuck_turn_that_is_stopped_while_the_sweep_looks_then_it_is_stopped_once(
    api: Gateway, session_id: str, stuck: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = keeper_later(1000)
    seen = list(keeper._waiting())
    monkeypatch.setattr(keeper, "_waiting", lambda: iter(seen))
    assert api("GET", f"/v1/sessions/{session_id}").status == 200
    found = types(api, session_id)
    assert found[-3:] == STOPPED

    with running("SweepTurnsFunction"):
        keeper.sweep()

    assert types(api, session_id) == found
    assert_whole(api, session_id)


def test_given_a_stuck_turn_with_messages_behind_it_then_the_sweep_has_them_answered(
    api: Gateway, session_id: str, stuck: Turns
) -> None:
    # Stored by the service's heart, so that the post itself does not stop the turn.
    held = store().hold(api.organization_id, _id(session_id))
    assert held.session.turn is not None
    fresh = TurnKeeper(store(), timedelta(days=1))
    content = ({"type": "text", "text": "second"},)
    MessageService(store(), models(), fresh).add(
        api.organization_id, _id(session_id), NewMessage(role=MessageRole.USER, content=content)
    )
    stuck.triggers()  # its record is lost

    assert swept_later(1000) == Swept(stopped=1, woken=0)
    stuck.run()

    assert [words for _, words in answers(api, session_id)] == ["Hi"]
    assert_whole(api, session_id)


def test_given_a_message_whose_record_was_lost_then_the_sweep_has_it_answered(
    api: Gateway, session_id: str
) -> None:
    turns = Turns(Model(text("Hi")))
    say(api, session_id, "Hello")
    assert len(turns.triggers()) == 1  # lost

    assert swept_later(0) == Swept(stopped=0, woken=0)
    assert swept_later(1000) == Swept(stopped=0, woken=1)
    assert swept_later(1000) == Swept(stopped=0, woken=0)  # woken already
    turns.run()

    assert [words for _, words in answers(api, session_id)] == ["Hi"]
    assert_whole(api, session_id)
    assert swept_later(1000) == Swept(stopped=0, woken=0)


def test_given_a_session_that_cannot_be_helped_then_the_sweep_helps_those_behind_it(
    api: Gateway, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = new_session(api, agent_id=session(api, session_id)["agent_id"])["id"]
    turns = Turns(Model(text("Hi")))
    for one in (session_id, other):
        say(api, one, "Hello")
    assert len(turns.triggers()) == 2  # and both are lost
    create = Table.create

    def out_of_order(table: Table, record: Record, *arguments: Any) -> Any:
        if session_id.removeprefix("session_") in record.key.partition:
            raise Unavailable("The storage does not answer.")
        return create(table, record, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(Table, "create", out_of_order)
        assert swept_later(1000) == Swept(stopped=0, woken=1)
    turns.run()

    assert [words for _, words in answers(api, other)] == ["Hi"]
    assert swept_later(1000) == Swept(stopped=0, woken=1)
    turns.run()
    assert [words for _, words in answers(api, session_id)] == ["Hi"]


def test_given_a_run_that_hands_over_to_none_then_the_sweep_has_the_rest_answered(
    api: Gateway, session_id: str
) -> None:
    clock = Clock()

    def take_long(_: ModelRequest) -> ModelAnswer:
        clock.forward(turn_timeout().total_seconds() + 1)
        return text("one")

    turns = Turns(Model(take_long, text("two")), clock)
    for words in ("first", "second"):
        say(api, session_id, words)
    turns.deliver(*turns.triggers())
    assert len(turns.triggers()) == 1  # and it is lost

    assert swept_later(1000) == Swept(stopped=0, woken=1)
    turns.run()

    assert [words for _, words in answers(api, session_id)] == ["one", "two"]
    assert_whole(api, session_id)


def test_given_nothing_waits_then_a_sweep_is_one_query_a_shard(
    api: Gateway, session_id: str
) -> None:
    say(api, session_id, "Hello")
    Turns(Model(text("Hi"))).run()
    with counted_requests() as requests:
        assert swept_later(1000) == Swept(stopped=0, woken=0)
    assert requests == {"Query": 3}


def _id(session_id: str) -> SessionId:
    return SessionId.parse(session_id)
