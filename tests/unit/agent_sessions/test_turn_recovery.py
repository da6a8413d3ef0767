"""Records handed over twice, runners that die half-way: nothing lost, nothing doubled."""

from dataclasses import replace

import pytest

from shared.agents import log_window
from shared.agents.domain import AgentSession
from shared.agents.service import store, turn_timeout
from shared.agents.turn_states import LostTurn, take_over
from shared.core.ids import SessionId
from shared.llm.port import ModelAnswer, ModelRequest
from tests.support.agents import new_session, say
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
from tests.unit.agent_sessions.recovery import Killed, assert_whole, killed_at

REQUESTS_OF_A_TOOL_TURN = 7


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
    [record] = turns.triggers()
    with counted_requests() as requests:
        turns.deliver(record)

    assert requests.total() == REQUESTS_OF_A_TOOL_TURN


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


def test_given_a_slow_runner_whose_turn_another_is_at_then_it_writes_nothing_more(
    api: Gateway, session_id: str
) -> None:
    say(api, session_id, "Hello")
    organization, identifier = api.organization_id, SessionId.parse(session_id)

    def meanwhile(_: ModelRequest) -> ModelAnswer:
        held = store().get(organization, identifier).turn
        assert held is not None
        at = Clock().now
        store().append(organization, identifier, lambda s: take_over(s, held, "another", at))
        return text("too late")

    slow = Turns(Model(meanwhile))
    assert slow.deliver(*slow.triggers()) == {"batchItemFailures": []}
    assert answers(api, session_id) == []
    now = store().get(organization, identifier)
    assert now.turn is not None
    assert now.turn.runner == "another"
    with pytest.raises(LostTurn):  # nor is it taken from a runner that has it no more
        take_over(now, replace(now.turn, runner="slow"), "a third", Clock().now)


def test_given_a_message_that_is_answered_while_its_turn_begins_then_it_is_not_answered_again(
    api: Gateway, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(api, session_id, "Hello")
    quick = Turns(Model(text("in time")))
    records = quick.triggers()
    read_on = log_window.LogWindow.read_on

    def after_the_session_was_read(log: log_window.LogWindow, session: AgentSession) -> None:
        while records:
            quick.deliver(records.pop())
        read_on(log, session)

    monkeypatch.setattr(log_window.LogWindow, "read_on", after_the_session_was_read)
    Turns(Model(text("too late"))).deliver(*records)

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
