"""Repeated records and killed runs: every message is answered exactly once."""

from dataclasses import replace

import pytest

from shared.agents.sessions.domain import AgentSession
from shared.agents.sessions.wiring import session_repository
from shared.agents.turns import log_window
from shared.agents.turns.states import LostTurn, take_over
from shared.core.ids import SessionId
from shared.llm.port import ModelAnswer, ModelRequest
from tests.support.agents import new_session, say
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests
from tests.support.turns import (
    Clock,
    Model,
    Turns,
    answer_texts,
    answers,
    call,
    events,
    payloads,
    session,
    text,
    types,
)
from tests.unit.agent_sessions.recovery import (
    Killed,
    answer_after_timeout,
    assert_whole,
    die,
    killed_at,
)

#: Of the run, and the release of the slot.
REQUESTS_OF_A_TOOL_TURN = 8


def test_repeated_record_is_answered_once(api: Gateway, session_id: str) -> None:
    turns = Turns(Model(text("Hi")))
    say(api, session_id, "Hello")
    [record] = turns.triggers()

    for _ in range(3):
        turns.deliver(record)
    turns.deliver(record, record)

    assert answer_texts(api, session_id) == ["Hi"]
    assert_whole(api, session_id)


def test_run_killed_during_a_model_call_is_continued(api: Gateway, session_id: str) -> None:
    turns = Turns(Model(die, text("Hi")))
    say(api, session_id, "Hello")
    [record] = turns.triggers()
    with pytest.raises(Killed):
        turns.deliver(record)
    assert session(api, session_id)["status"] == "active"

    turns.deliver(record)

    assert answer_texts(api, session_id) == ["Hi"]
    assert_whole(api, session_id)


@pytest.mark.parametrize("carried_out", [False, True])
@pytest.mark.parametrize("request_number", range(1, REQUESTS_OF_A_TOOL_TURN + 1))
def test_run_killed_at_any_request_is_continued_once(
    api: Gateway, session_id: str, request_number: int, carried_out: bool
) -> None:
    turns = Turns()
    say(api, session_id, "Remember that my name is Ada")
    [record] = turns.triggers()
    with killed_at(request_number, carried_out=carried_out), pytest.raises(Killed):
        turns.deliver(record)

    turns.deliver(record)
    turns.deliver(record)

    results = payloads(api, session_id, "tool.completed")
    assert [one["success"] for one in results] == [True]
    assert len(answers(api, session_id)) == 1
    assert_whole(api, session_id)
    say(api, session_id, "List the notes")
    turns.run()
    assert answer_texts(api, session_id)[-1] == 'notes: {"name":"Ada"}'


def test_killed_requests_are_all_requests_of_a_turn(api: Gateway, session_id: str) -> None:
    turns = Turns()
    say(api, session_id, "Remember that my name is Ada")
    [record] = turns.triggers()
    with counted_requests() as requests:
        turns.deliver(record)

    assert requests.total() == REQUESTS_OF_A_TOOL_TURN


def test_late_answer_of_a_turn_that_was_taken_over_is_dropped(
    api: Gateway, session_id: str
) -> None:
    turns = Turns()
    say(api, session_id, "Hello")
    turns.dispatch(*turns.triggers())
    [message] = turns.queue.receive()

    def meanwhile(_: ModelRequest) -> ModelAnswer:
        quick.run_message(message)
        return text("too late")

    quick = Turns(Model(text("in time")))
    slow = Turns(Model(meanwhile))
    slow.run_message(message)

    assert answer_texts(api, session_id) == ["in time"]
    assert_whole(api, session_id)


def test_run_that_lost_its_turn_writes_nothing(api: Gateway, session_id: str) -> None:
    say(api, session_id, "Hello")
    organization, identifier = api.organization_id, SessionId.parse(session_id)

    def meanwhile(_: ModelRequest) -> ModelAnswer:
        turn = session_repository().get(organization, identifier).turn
        assert turn is not None
        at = Clock().now
        session_repository().append(
            organization, identifier, lambda s: take_over(s, turn, "another", at)
        )
        return text("too late")

    slow = Turns(Model(meanwhile))
    assert slow.deliver(*slow.triggers()) == {"batchItemFailures": []}
    assert answers(api, session_id) == []
    now = session_repository().get(organization, identifier)
    assert now.turn is not None
    assert now.turn.runner == "another"
    with pytest.raises(LostTurn):  # a run that lost it cannot be replaced
        take_over(now, replace(now.turn, runner="slow"), "a third", Clock().now)


def test_message_answered_by_a_concurrent_run_is_answered_once(
    api: Gateway, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(api, session_id, "Hello")
    quick = Turns(Model(text("in time")))
    records = quick.triggers()
    refresh = log_window.LogWindow.refresh

    def after_the_session_was_read(log: log_window.LogWindow, session: AgentSession) -> None:
        while records:
            quick.deliver(records.pop())
        refresh(log, session)

    monkeypatch.setattr(log_window.LogWindow, "refresh", after_the_session_was_read)
    Turns(Model(text("too late"))).deliver(*records)

    assert answer_texts(api, session_id) == ["in time"]
    assert_whole(api, session_id)


def test_messages_during_a_turn_are_answered_after_it(api: Gateway, session_id: str) -> None:
    def interrupt(_: ModelRequest) -> ModelAnswer:
        say(api, session_id, "second")
        say(api, session_id, "third")
        return text("one")

    turns = Turns(Model(interrupt, text("two"), text("three")))
    say(api, session_id, "first")
    [record] = turns.triggers()
    turns.deliver(record)

    assert answer_texts(api, session_id) == ["one"]
    turns.run()
    assert answer_texts(api, session_id) == ["one", "two", "three"]
    assert_whole(api, session_id)


def test_record_during_a_turn_is_left_to_the_running_one(api: Gateway, session_id: str) -> None:
    def interrupt(_: ModelRequest) -> ModelAnswer:
        say(api, session_id, "second")
        assert turns.deliver(*turns.triggers()) == {"batchItemFailures": []}
        assert "turn.completed" not in types(api, session_id)
        return text("one")

    turns = Turns(Model(interrupt, text("two")))
    say(api, session_id, "first")
    turns.deliver(*turns.triggers())
    turns.run()

    assert answer_texts(api, session_id) == ["one", "two"]
    assert_whole(api, session_id)


def test_end_of_each_turn_starts_the_next_one(api: Gateway, session_id: str) -> None:
    turns = Turns(Model(text("one"), text("two"), text("three")))
    for words in ("first", "second", "third"):
        say(api, session_id, words)
    for number in range(1, 4):
        [started] = turns.triggers()
        turns.deliver(started, started)
        assert len(answer_texts(api, session_id)) == number

    assert turns.triggers() == []
    assert answer_texts(api, session_id) == ["one", "two", "three"]
    assert_whole(api, session_id)


def test_killed_second_turn_is_continued_by_its_message(api: Gateway, session_id: str) -> None:
    turns = Turns(Model(text("one"), die, text("two")))
    say(api, session_id, "first")
    say(api, session_id, "second")
    turns.deliver(*turns.triggers())
    with pytest.raises(Killed):
        turns.deliver(*turns.triggers())

    turns.work()

    assert answer_texts(api, session_id) == ["one", "two"]
    assert_whole(api, session_id)


def test_turn_beyond_its_timeout_fails(api: Gateway, session_id: str) -> None:
    clock = Clock()
    late = answer_after_timeout(clock, call("calculator", expression="1+1"))
    say(api, session_id, "Hello")
    Turns(Model(late), clock).run()

    failed = events(api, session_id)[-2]
    assert (failed["type"], failed["data"]["retryable"]) == ("turn.failed", True)
    assert "too long" in failed["data"]["error"]
    assert_whole(api, session_id)


def test_failure_of_one_run_does_not_stop_another(api: Gateway, session_id: str) -> None:
    other = new_session(api, agent_id=session(api, session_id)["agent_id"])["id"]

    def answer(request: ModelRequest) -> ModelAnswer:
        if request.messages[-1].content[0]["text"] == "break":
            raise RuntimeError("a defect")
        return text("Hi")

    turns = Turns(Model(answer))
    say(api, session_id, "break")
    say(api, other, "Hello")
    turns.dispatch(*turns.triggers())
    broken, good = turns.queue.receive()

    for message in (broken, broken):
        with pytest.raises(RuntimeError, match="a defect"):
            turns.run_message(message)
    turns.run_message(good)
    assert answer_texts(api, other) == ["Hi"]


def test_more_waiting_messages_than_one_read_are_all_answered(
    api: Gateway, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_window, "MAX_ITEMS", 3)
    turns = Turns(Model(lambda request: text(request.messages[-1].content[0]["text"].upper())))
    for number in range(8):
        say(api, session_id, f"m{number}")
    turns.run()

    assert answer_texts(api, session_id) == [f"M{n}" for n in range(8)]
    assert_whole(api, session_id)
