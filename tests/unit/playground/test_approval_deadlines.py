"""Approvals that nobody decides in time."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from functions.triggers.expire_approvals import handler
from shared.playground.sessions.repository import overdue_sessions
from shared.storage.table import table
from tests.support.gateway import Gateway
from tests.support.sse import last
from tests.support.storage import forget_process_state
from tests.unit.playground.conversations import (
    URL,
    awaiting_approval,
    decide,
    let_pass,
    opened_on,
    read,
    say,
)
from tests.unit.playground.graphs import small

MINUTE = SimpleNamespace(get_remaining_time_in_millis=lambda: 50_000)
NO_TIME = SimpleNamespace(get_remaining_time_in_millis=lambda: 1_000)


def expire(context: Any = MINUTE) -> dict[str, int]:
    return handler({}, context)


def test_given_an_approval_in_time_then_the_schedule_leaves_it(api: Gateway) -> None:
    session = awaiting_approval(api)

    assert expire() == {"expired": 0, "failed": 0}
    assert read(api, session)["awaiting_approval"]


def test_given_approvals_past_their_deadlines_then_the_schedule_denies_them(
    api: Gateway, other_api: Gateway
) -> None:
    sessions = [(gateway, awaiting_approval(gateway)) for gateway in (api, other_api, api)]
    waiting = awaiting_approval(api)
    for gateway, session in sessions:
        let_pass(gateway, session)

    assert expire() == {"expired": 3, "failed": 0}

    for gateway, session in sessions:
        now = read(gateway, session)
        assert (now["current_step_id"], now["awaiting_approval"]) == ("offer_alternative", False)
        assert now["last_signal"] == "approval_timed_out"
        assert "refund_denied" in now["completed_steps"]
        turn = gateway("GET", f"{URL}/{session}/trace").json["items"][-1]
        assert (turn["decision"], turn["decided_by"]) == ("deny", "deadline")
    assert read(api, waiting)["awaiting_approval"]
    assert expire() == {"expired": 0, "failed": 0}
    assert list(overdue_sessions(table(), datetime.now(UTC))) == []


def test_given_no_time_left_then_the_schedule_leaves_the_rest_for_later(api: Gateway) -> None:
    session = awaiting_approval(api)
    let_pass(api, session)

    assert expire(NO_TIME) == {"expired": 0, "failed": 0}
    assert expire() == {"expired": 1, "failed": 0}


def test_given_a_deadline_that_passed_then_a_reader_finds_it_denied(api: Gateway) -> None:
    session = awaiting_approval(api)
    let_pass(api, session)

    assert read(api, session)["current_step_id"] == "offer_alternative"
    assert expire() == {"expired": 0, "failed": 0}


def test_given_a_deadline_that_passed_then_a_message_goes_to_what_follows(api: Gateway) -> None:
    session = awaiting_approval(api)
    let_pass(api, session)

    name, complete = last(say(api, session, "store credit").text)

    assert (name, complete["last_signal"]) == ("complete", "completed")
    assert "issue_store_credit" in complete["completed_steps"]


def test_given_a_deadline_that_passed_then_a_decision_comes_too_late(api: Gateway) -> None:
    session = awaiting_approval(api)
    let_pass(api, session)

    answer = decide(api, session, "approve")

    assert (answer.status, answer.json["error"]) == (409, "not_awaiting_approval")
    assert "issue_refund" not in read(api, session)["completed_steps"]


def test_given_a_deadline_that_passed_then_the_trace_tells_of_it(api: Gateway) -> None:
    session = awaiting_approval(api)
    let_pass(api, session)

    assert api("GET", f"{URL}/{session}/trace").json["items"][-1]["decided_by"] == "deadline"


def test_given_a_way_that_fails_then_the_session_waits_on_and_the_others_are_not_held_up(
    api: Gateway,
) -> None:
    graph = small(mock_world={"find_parcel": {"error": "no such parcel"}})
    approve = next(node for node in graph["nodes"] if node["id"] == "approve")
    approve |= {"on_deny": "look_up", "timeout_seconds": 60}
    graph["edges"] = [edge for edge in graph["edges"] if edge["from"] != "look_up"]
    stuck, fine = opened_on(api, graph), awaiting_approval(api)
    say(api, stuck, "Hi")
    say(api, stuck, "P7")
    for session in (stuck, fine):
        let_pass(api, session)

    assert expire() == {"expired": 1, "failed": 1}
    assert read(api, stuck)["awaiting_approval"]
    assert not read(api, fine)["awaiting_approval"]


def test_given_an_approval_without_a_deadline_then_it_is_in_no_list(api: Gateway) -> None:
    session = opened_on(api, small())
    say(api, session, "Hi")
    say(api, session, "P7")
    assert read(api, session)["awaiting_approval"]

    far = datetime.now(UTC) + timedelta(days=10_000)
    assert list(overdue_sessions(table(), far)) == []


def test_given_a_model_that_is_not_there_then_an_overdue_session_can_still_be_read_and_decided(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = awaiting_approval(api)
    let_pass(api, session)
    monkeypatch.setenv("PLAYGROUND_MODEL", "model_" + "f" * 32)
    forget_process_state()

    assert read(api, session)["awaiting_approval"]
    assert expire() == {"expired": 0, "failed": 1}
    assert decide(api, session, "approve").status == 503
    monkeypatch.delenv("PLAYGROUND_MODEL")
    forget_process_state()
    assert read(api, session)["current_step_id"] == "offer_alternative"
