"""Records handed over twice, runners that die half-way: nothing lost, nothing doubled."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from shared.agents import log_window
from shared.agents.domain import MessageRole, NewMessage
from shared.agents.message_service import MessageService
from shared.agents.service import models, store, turn_timeout
from shared.agents.turn_keeper import Swept, TurnKeeper
from shared.core.errors import Unavailable
from shared.core.ids import SessionId
from shared.llm.port import ModelAnswer, ModelRequest
from shared.storage.client import dynamodb
from shared.storage.records import Record
from shared.storage.table import Table
from tests.support.agents import new_agent, new_session, say
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests
from tests.support.turns import (
    Clock,
    Model,
    Turns,
    answers,
    call,
    events,
    session,
    text,
    types,
)
from tests.support.watch import running

REQUESTS_OF_A_TOOL_TURN = 7


class Killed(BaseException):
    """The function is gone from one moment to the next."""


@contextmanager
def killed_at(request: int, *, carried_out: bool) -> Iterator[None]:
    """Kill the function at a request to the table: before it is sent, or after it was done."""
    seen = 0

    def look(**_: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == request:
            raise Killed

    name = "after-call.dynamodb" if carried_out else "before-call.dynamodb"
    dynamodb().meta.events.register(name, look)
    try:
        yield
    finally:
        dynamodb().meta.events.unregister(name, look)


@pytest.fixture
def session_id(api: Gateway) -> str:
    capabilities = [{"ref": "calculator"}, {"ref": "session_notes"}]
    return str(new_session(api, agent_id=new_agent(api, capabilities=capabilities)["id"])["id"])


def assert_whole(api: Gateway, session_id: str) -> None:
    """Check what holds of every session at rest."""
    found = events(api, session_id)
    assert [event["sequence"] for event in found] == list(range(1, len(found) + 1))
    assert session(api, session_id)["status"] == "idle"
    asked = [event["data"]["message"]["id"] for event in found if event["type"] == "input.message"]
    ended = ("turn.completed", "turn.failed", "turn.cancelled")
    for name in (("turn.started",), ended):
        turns = [e["context"]["input_message_id"] for e in found if e["type"] in name]
        assert turns == asked


def test_given_a_record_twice_then_its_message_is_answered_once(
    api: Gateway, session_id: str
) -> None:
    turns = Turns(Model(text("Hi")))
    say(api, session_id, "Hello")
    [record] = turns.triggers()

    for _ in range(3):
        turns.deliver(record)
    turns.deliver(record, record)

    assert [words for _, words in answers(api, session_id)] == ["Hi"]
    assert_whole(api, session_id)


def test_given_a_runner_that_dies_while_the_model_thinks_then_the_next_goes_on(
    api: Gateway, session_id: str
) -> None:
    def die(_: ModelRequest) -> ModelAnswer:
        raise Killed

    turns = Turns(Model(die, text("Hi")))
    say(api, session_id, "Hello")
    [record] = turns.triggers()
    with pytest.raises(Killed):
        turns.deliver(record)
    assert session(api, session_id)["status"] == "active"

    turns.deliver(record)

    assert [words for _, words in answers(api, session_id)] == ["Hi"]
    assert_whole(api, session_id)


@pytest.mark.parametrize("carried_out", [False, True])
@pytest.mark.parametrize("request_number", range(1, REQUESTS_OF_A_TOOL_TURN + 1))
def test_given_a_runner_that_dies_at_any_request_then_the_turn_is_finished_once(
    api: Gateway, session_id: str, request_number: int, carried_out: bool
) -> None:
    turns = Turns()
    say(api, session_id, "Remember that my name is Ada")
    [record] = turns.triggers()
    with killed_at(request_number, carried_out=carried_out), pytest.raises(Killed):
        turns.deliver(record)

    turns.deliver(record)
    turns.deliver(record)

    told = [event["data"] for event in events(api, session_id) if event["type"] == "tool.completed"]
    assert [one["success"] for one in told] == [True]
    assert len(answers(api, session_id)) == 1
    assert_whole(api, session_id)
    say(api, session_id, "List the notes")
    turns.run()
    assert answers(api, session_id)[-1][1] == 'notes: {"name":"Ada"}'


def test_the_requests_that_a_runner_can_die_at_are_all_of_a_turns(
    api: Gateway, session_id: str
) -> None:
    turns = Turns()
    say(api, session_id, "Remember that my name is Ada")
    with killed_at(REQUESTS_OF_A_TOOL_TURN + 1, carried_out=False):
        turns.run()


def test_given_a_slow_runner_whose_turn_was_taken_over_then_its_answer_is_dropped(
    api: Gateway, session_id: str
) -> None:
    turns = Turns()
    say(api, session_id, "Hello")
    [record] = turns.triggers()

    def meanwhile(_: ModelRequest) -> ModelAnswer:
        turns.setup = quick.setup
        assert turns.deliver(record) == {"batchItemFailures": []}
        return text("too late")

    quick = Turns(Model(text("in time")))
    slow = Turns(Model(meanwhile))
    assert slow.deliver(record) == {"batchItemFailures": []}

    assert [words for _, words in answers(api, session_id)] == ["in time"]
    assert_whole(api, session_id)


def test_given_messages_while_a_turn_runs_then_they_are_answered_after_it_in_order(
    api: Gateway, session_id: str
) -> None:
    def interrupt(_: ModelRequest) -> ModelAnswer:
        say(api, session_id, "second")
        say(api, session_id, "third")
        return text("one")

    turns = Turns(Model(interrupt, text("two"), text("three")))
    say(api, session_id, "first")
    [record] = turns.triggers()
    turns.deliver(record)

    assert [words for _, words in answers(api, session_id)] == ["one", "two", "three"]
    turns.run()
    assert [words for _, words in answers(api, session_id)] == ["one", "two", "three"]
    assert_whole(api, session_id)


def test_given_a_later_record_while_a_turn_runs_then_it_is_left_to_the_one_that_runs(
    api: Gateway, session_id: str
) -> None:
    def interrupt(_: ModelRequest) -> ModelAnswer:
        say(api, session_id, "second")
        assert turns.deliver(*turns.triggers()) == {"batchItemFailures": []}
        assert "turn.completed" not in types(api, session_id)
        return text("one")

    turns = Turns(Model(interrupt, text("two")))
    say(api, session_id, "first")
    turns.deliver(*turns.triggers())

    assert [words for _, words in answers(api, session_id)] == ["one", "two"]
    assert_whole(api, session_id)


def test_given_no_time_is_left_then_what_waits_is_handed_to_another_run(
    api: Gateway, session_id: str
) -> None:
    clock = Clock()

    def take_long(_: ModelRequest) -> ModelAnswer:
        clock.forward(turn_timeout().total_seconds() - 1)
        return text("one")

    def take_longer(_: ModelRequest) -> ModelAnswer:
        clock.forward(turn_timeout().total_seconds() + 1)
        return text("two")

    turns = Turns(Model(take_long, take_longer, text("three")), clock)
    for words in ("first", "second", "third"):
        say(api, session_id, words)
    turns.deliver(*turns.triggers())
    assert [words for _, words in answers(api, session_id)] == ["one", "two"]

    handed_over = turns.triggers()
    assert len(handed_over) == 1
    turns.deliver(*handed_over, *handed_over)

    assert [words for _, words in answers(api, session_id)] == ["one", "two", "three"]
    assert_whole(api, session_id)


def test_given_a_run_that_was_handed_the_rest_dies_then_its_record_brings_it_back(
    api: Gateway, session_id: str
) -> None:
    clock = Clock()

    def take_long(_: ModelRequest) -> ModelAnswer:
        clock.forward(turn_timeout().total_seconds() + 1)
        return text("one")

    def die(_: ModelRequest) -> ModelAnswer:
        raise Killed

    turns = Turns(Model(take_long, die, text("two")), clock)
    say(api, session_id, "first")
    say(api, session_id, "second")
    turns.deliver(*turns.triggers())
    handed_over = turns.triggers()
    with pytest.raises(Killed):
        turns.deliver(*handed_over)

    turns.deliver(*handed_over)

    assert [words for _, words in answers(api, session_id)] == ["one", "two"]
    assert_whole(api, session_id)


def test_given_a_turn_that_takes_too_long_then_it_is_failed(api: Gateway, session_id: str) -> None:
    clock = Clock()

    def take_long(_: ModelRequest) -> ModelAnswer:
        clock.forward(turn_timeout().total_seconds() + 1)
        return call("calculator", expression="1+1")

    say(api, session_id, "Hello")
    Turns(Model(take_long), clock).run()

    failed = events(api, session_id)[-2]
    assert (failed["type"], failed["data"]["retryable"]) == ("turn.failed", True)
    assert "too long" in failed["data"]["error"]
    assert_whole(api, session_id)


def test_given_one_session_breaks_then_the_others_of_its_batch_are_answered(
    api: Gateway, session_id: str
) -> None:
    other = new_session(api, agent_id=session(api, session_id)["agent_id"])["id"]

    def answer(request: ModelRequest) -> ModelAnswer:
        if request.messages[-1].content[0]["text"] == "break":
            raise RuntimeError("a defect")
        return text("Hi")

    turns = Turns(Model(answer))
    say(api, session_id, "break")
    say(api, other, "Hello")
    broken, good = turns.triggers()

    for batch in ((broken, good), (good, broken)):
        failed = turns.deliver(*batch)["batchItemFailures"]
        assert failed == [{"itemIdentifier": broken["dynamodb"]["SequenceNumber"]}]
    assert [words for _, words in answers(api, other)] == ["Hi"]


def test_given_more_messages_waiting_than_are_read_at_once_then_each_is_answered(
    api: Gateway, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_window, "MAX_ITEMS", 3)
    turns = Turns(Model(lambda request: text(request.messages[-1].content[0]["text"].upper())))
    for number in range(8):
        say(api, session_id, f"m{number}")
    turns.run()

    assert [words for _, words in answers(api, session_id)] == [f"M{n}" for n in range(8)]
    assert_whole(api, session_id)


# ------------------------------------------------------------ turns that lost their runner


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
