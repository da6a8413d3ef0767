"""Approvals past their deadline: denied by the schedule or by the next request."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from functions.triggers.expire_approvals import handler
from shared.playground.sessions.repository import PlaygroundSessionRepository
from shared.storage.table import table
from tests.support.gateway import Gateway
from tests.support.sse import last
from tests.support.storage import forget_process_state
from tests.unit.playground.conversations import (
    URL,
    decide,
    open_awaiting_approval,
    open_overdue,
    open_session_on,
    pass_deadline,
    read,
    say,
)
from tests.unit.playground.graphs import small

MINUTE = SimpleNamespace(get_remaining_time_in_millis=lambda: 50_000)
NO_TIME = SimpleNamespace(get_remaining_time_in_millis=lambda: 1_000)


def expire(context: Any = MINUTE) -> dict[str, int]:
    return handler({}, context)


def test_schedule_leaves_an_approval_in_time(api: Gateway) -> None:
    session = open_awaiting_approval(api)

    assert expire() == {"expired": 0, "failed": 0}
    assert read(api, session)["awaiting_approval"]


def test_schedule_denies_overdue_approvals(api: Gateway, other_api: Gateway) -> None:
    sessions = [(gateway, open_overdue(gateway)) for gateway in (api, other_api, api)]
    waiting = open_awaiting_approval(api)

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
    assert list(PlaygroundSessionRepository(table()).overdue(datetime.now(UTC))) == []


def test_schedule_leaves_the_rest_when_the_time_is_up(api: Gateway) -> None:
    open_overdue(api)

    assert expire(NO_TIME) == {"expired": 0, "failed": 0}
    assert expire() == {"expired": 1, "failed": 0}


def test_read_denies_an_overdue_approval(api: Gateway) -> None:
    session = open_overdue(api)

    assert read(api, session)["current_step_id"] == "offer_alternative"
    assert expire() == {"expired": 0, "failed": 0}


def test_message_after_the_deadline_goes_to_the_next_node(api: Gateway) -> None:
    session = open_overdue(api)

    name, complete = last(say(api, session, "store credit").text)

    assert (name, complete["last_signal"]) == ("complete", "completed")
    assert "issue_store_credit" in complete["completed_steps"]


def test_decision_after_the_deadline_is_refused(api: Gateway) -> None:
    session = open_overdue(api)

    answer = decide(api, session, "approve")

    assert (answer.status, answer.json["error"]) == (409, "not_awaiting_approval")
    assert "issue_refund" not in read(api, session)["completed_steps"]


def test_trace_shows_an_expired_approval(api: Gateway) -> None:
    session = open_overdue(api)

    assert api("GET", f"{URL}/{session}/trace").json["items"][-1]["decided_by"] == "deadline"


def test_failed_turn_leaves_its_session_waiting_and_does_not_stop_others(api: Gateway) -> None:
    graph = small(mock_world={"find_parcel": {"error": "no such parcel"}})
    approve = next(node for node in graph["nodes"] if node["id"] == "approve")
    approve |= {"on_deny": "look_up", "timeout_seconds": 60}
    graph["edges"] = [edge for edge in graph["edges"] if edge["from"] != "look_up"]
    stuck, fine = open_session_on(api, graph), open_overdue(api)
    say(api, stuck, "Hi")
    say(api, stuck, "P7")
    pass_deadline(api, stuck)

    assert expire() == {"expired": 1, "failed": 1}
    assert read(api, stuck)["awaiting_approval"]
    assert not read(api, fine)["awaiting_approval"]


def test_approval_without_deadline_is_in_no_list(api: Gateway) -> None:
    session = open_session_on(api)
    say(api, session, "Hi")
    say(api, session, "P7")
    assert read(api, session)["awaiting_approval"]

    far = datetime.now(UTC) + timedelta(days=10_000)
    assert list(PlaygroundSessionRepository(table()).overdue(far)) == []


def test_overdue_session_can_be_read_and_decided_without_its_model(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_overdue(api)
    monkeypatch.setenv("PLAYGROUND_MODEL", "model_" + "f" * 32)
    forget_process_state()

    assert read(api, session)["awaiting_approval"]
    assert expire() == {"expired": 0, "failed": 1}
    assert decide(api, session, "approve").status == 503
    monkeypatch.delenv("PLAYGROUND_MODEL")
    forget_process_state()
    assert read(api, session)["current_step_id"] == "offer_alternative"
