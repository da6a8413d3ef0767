"""Waits that last too long: their calls fail, and the turn goes on without the results."""

from datetime import timedelta

import pytest

from shared.agents.sessions.wiring import (
    session_repository,
    tool_result_timeout,
    turn_timeout,
)
from shared.agents.turns.supervisor import TurnSupervisor
from shared.core.ids import SessionId
from tests.support.agents import say
from tests.support.gateway import Gateway
from tests.support.racing import at_once
from tests.support.turns import (
    Clock,
    Model,
    Turns,
    answer_texts,
    answers,
    call,
    in_event_loop,
    payloads,
    session,
    text,
    types,
)
from tests.unit.agent_sessions.client_tools import accepted, result, session_with_tools, submit
from tests.unit.agent_sessions.recovery import assert_whole, sweep_later

TIMED_OUT = "Timed out waiting for client tool results"
GOES_ON = ["tool.completed", "act.completed", "reason.started"]


@pytest.fixture
def session_id(api: Gateway) -> str:
    return session_with_tools(api, "get_weather")


def waiting(api: Gateway, session_id: str, seconds: float) -> Turns:
    """Turns of a session that has waited for its client for some seconds."""
    clock = Clock()
    clock.forward(-seconds)
    turns = Turns(Model(call("get_weather"), text("No answer came")), clock)
    say(api, session_id, "Weather?")
    turns.run()
    assert session(api, session_id)["status"] in ("waitingfortoolresults", "active")
    clock.forward(seconds)
    return turns


def sweep(seconds: float = 0) -> None:
    sweep_later(seconds)


def test_wait_is_longer_than_a_stale_turn_and_shorter_than_its_own_limit(
    api: Gateway, session_id: str
) -> None:
    limit = tool_result_timeout()
    assert limit == timedelta(minutes=5)
    turns = waiting(api, session_id, 280)
    sweep()
    assert session(api, session_id)["status"] == "waitingfortoolresults"
    assert accepted(api, session_id, result("call_get_weather", 18)) == "active"
    turns.run()
    assert answer_texts(api, session_id) == ["No answer came"]


def test_sweep_fails_the_calls_and_the_turn_goes_on(api: Gateway, session_id: str) -> None:
    turns = waiting(api, session_id, 0)
    sweep(280)
    assert session(api, session_id)["status"] == "waitingfortoolresults"
    for _ in range(2):
        sweep(300)
        assert types(api, session_id)[-3:] == GOES_ON
    [completed] = payloads(api, session_id, "tool.completed")
    assert (completed["success"], completed["status"], completed["error"]) == (
        False,
        "timeout",
        TIMED_OUT,
    )
    late = submit(api, session_id, result("call_get_weather", 18))
    assert (late.status, TIMED_OUT in late.json["error"]) == (409, True)
    turns.run()
    assert answer_texts(api, session_id) == ["No answer came"]
    assert_whole(api, session_id)


@pytest.mark.parametrize("path", ["", "/messages", "/events", "/sse"])
def test_read_ends_an_overdue_wait(api: Gateway, session_id: str, path: str) -> None:
    turns = waiting(api, session_id, 301)
    assert api("GET", f"/v1/sessions/{session_id}{path}").status == 200
    assert types(api, session_id)[-3:] == GOES_ON
    turns.run()
    assert answer_texts(api, session_id) == ["No answer came"]


def test_overdue_result_is_refused(api: Gateway, session_id: str) -> None:
    turns = waiting(api, session_id, 301)
    assert submit(api, session_id, result("call_get_weather", 18)).status == 409
    turns.run()
    assert answer_texts(api, session_id) == ["No answer came"]


def test_message_after_an_overdue_wait_is_answered_in_order(api: Gateway, session_id: str) -> None:
    turns = waiting(api, session_id, 301)
    second = say(api, session_id, "Hello?")
    turns.run()
    assert [words for _, words in answers(api, session_id)] == ["No answer came"] * 2
    assert answers(api, session_id)[1][0] == second["id"]
    assert_whole(api, session_id)


def test_turn_that_is_not_continued_after_its_wait_is_admitted_again(
    api: Gateway, session_id: str
) -> None:
    turns = waiting(api, session_id, 0)
    accepted(api, session_id, result("call_get_weather", 18))
    turns.triggers()  # lost
    sweep(1000)
    assert types(api, session_id)[-3:] == GOES_ON
    turns.work()
    assert answer_texts(api, session_id) == ["No answer came"]
    assert_whole(api, session_id)


def test_result_and_time_out_exclude_each_other(api: Gateway, session_id: str) -> None:
    turns = waiting(api, session_id, 0)

    later = Clock()
    later.forward(300)
    supervisor = TurnSupervisor(session_repository(), turn_timeout(), later)
    loaded = session_repository().load(api.organization_id, SessionId.parse(session_id))

    def act(number: int) -> int:
        if number:
            supervisor.expire_if_stale(loaded)
            return 0
        return in_event_loop(lambda: submit(api, session_id, result("call_get_weather", 18)).status)

    status, _ = at_once(2, act)
    [completed] = payloads(api, session_id, "tool.completed")
    assert (status, completed["status"]) in ((200, "success"), (409, "timeout"))
    turns.run()
    assert answer_texts(api, session_id) == ["No answer came"]
    assert_whole(api, session_id)
