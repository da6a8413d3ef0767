"""POST /v1/sessions/{session_id}/tool-results: bad input, repetitions, races."""

import json
from typing import Any

import pytest

from shared.core.ids import SessionId
from tests.support.agents import new_session, say
from tests.support.gateway import Gateway
from tests.support.racing import race_of
from tests.support.storage import counted_requests
from tests.support.turns import (
    Model,
    Turns,
    answer_texts,
    call,
    calls,
    payloads,
    session,
    text,
    types,
)
from tests.support.watch import running
from tests.unit.agent_sessions.client_tools import (
    MIXED,
    accepted,
    failure,
    result,
    session_with_tools,
    submit,
)
from tests.unit.agent_sessions.recovery import assert_whole

KIB = 1024


@pytest.fixture
def session_id(api: Gateway) -> str:
    return session_with_tools(api, "get_weather", "get_news")


@pytest.fixture
def turns(api: Gateway, session_id: str) -> Turns:
    """Turns of a session that waits for ``c1`` and ``c3``."""
    found = Turns(Model(MIXED, text("done")))
    say(api, session_id, "News and weather?")
    found.run()
    return found


# ------------------------------------------------------------------------------ bad input
@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (None, 422, ""),
        ({}, 422, "tool_results: field required"),
        ({"tool_results": []}, 422, "tool_results: "),
        ({"tool_results": [{}]}, 422, "tool_results.0.tool_call_id: field required"),
        ({"tool_results": [{"tool_call_id": ""}]}, 422, "tool_results.0.tool_call_id: "),
        ({"tool_results": [result("c1", 1)] * 21}, 422, "tool_results: "),
        ({"tool_results": [result("c1", 1) | failure("c1", "e")]}, 422, "tool_results.0: "),
        ({"tool_results": [failure("c1", "e" * 10_001)]}, 422, "tool_results.0.error: "),
        ({"tool_results": [failure("c1", 1)]}, 422, "tool_results.0.error: "),  # type: ignore[arg-type]
        ({"tool_results": [result("c1", "r" * 100 * KIB)]}, 413, "result: must not exceed"),
        ({"tool_results": [result("c1", 1), result("c1", 1)]}, 400, "tool_results: "),
        ({"tool_results": [result("c9", 1)]}, 400, "tool_call_id: "),
        ({"tool_results": [result("c1", 1), result("c9", 1)]}, 400, "tool_call_id: "),
    ],
)
def test_invalid_results_are_rejected_and_nothing_is_stored(
    api: Gateway, session_id: str, turns: Turns, body: Any, status: int, error: str
) -> None:
    before = types(api, session_id)
    answer = api("POST", f"/v1/sessions/{session_id}/tool-results", body)
    assert answer.status == status, answer.text
    assert answer.json["error"].startswith(error)
    assert types(api, session_id) == before


def test_result_of_a_megabyte_is_too_large(api: Gateway, session_id: str, turns: Turns) -> None:
    answer = submit(api, session_id, result("c1", "r" * KIB * KIB))
    assert (answer.status, set(answer.json)) == (413, {"error"})


def test_large_results_of_many_calls_are_stored(api: Gateway) -> None:
    session_id = session_with_tools(api, "get_news")
    names = [f"c{number}" for number in range(20)]
    model = Model(calls(*((name, "get_news", {}) for name in names)), text("done"))
    turns = Turns(model)
    say(api, session_id, "News!")
    turns.run()
    large = "r" * (100 * KIB - 2)
    for group in (names[:9], names[9:18], names[18:]):
        accepted(api, session_id, *(result(name, large) for name in group))
    turns.run()

    assert answer_texts(api, session_id) == ["done"]
    parts = model.requests[1].messages[-1].content
    assert sorted(part["tool_call_id"] for part in parts) == sorted(names)


@pytest.mark.parametrize(
    "value", [None, False, 0, "", [], {}, "null", "\u0000", "🙂", {"a": [1.5, None]}]
)
def test_any_json_is_a_result(api: Gateway, value: Any) -> None:
    session_id = session_with_tools(api, "get_news")
    model = Model(call("get_news"), text("done"))
    turns = Turns(model)
    say(api, session_id, "News?")
    turns.run()
    assert accepted(api, session_id, result("call_get_news", value)) == "active"
    assert submit(api, session_id, result("call_get_news", value)).status == 200
    turns.run()
    assert answer_texts(api, session_id) == ["done"]
    [part] = model.requests[1].messages[2].content
    assert part["result"] == (None if value == "null" else value)


def test_lone_surrogates_are_replaced(api: Gateway, session_id: str, turns: Turns) -> None:
    body = '{"tool_results": [{"tool_call_id": "c1", "result": "a\\ud800"}]}'
    answer = api("POST", f"/v1/sessions/{session_id}/tool-results", raw=body)
    assert answer.status == 200
    stored = payloads(api, session_id, "tool.completed")[-1]
    assert stored["result"] == [{"type": "text", "text": "a\ufffd"}]


def test_unknown_fields_are_named(api: Gateway, session_id: str, turns: Turns) -> None:
    body = {"tool_results": [result("c1", 1) | {"seconds": 2}], "wait": True}
    answer = api("POST", f"/v1/sessions/{session_id}/tool-results", body)
    assert answer.headers["x-ignored-fields"] == "tool_results.seconds, wait"


def test_session_of_another_organization_is_not_found(api: Gateway, turns: Turns) -> None:
    assert submit(api, str(SessionId.new()), result("c1", 1)).status == 404
    assert submit(api, "session_1", result("c1", 1)).status == 400


# ------------------------------------------------------------------------ too early or late
def test_client_retries_while_a_turn_may_call_the_tool(api: Gateway, session_id: str) -> None:
    fresh = submit(api, session_id, result("c1", 1))
    assert fresh.status == 409
    assert "not waiting for tool results" not in fresh.json["error"]
    say(api, session_id, "Hello")
    early = submit(api, session_id, result("c1", 1))
    assert early.status == 409
    assert "not waiting for tool results (current status: active)" in early.json["error"]


def test_result_after_the_end_of_its_turn_is_refused(api: Gateway, session_id: str) -> None:
    new_session(api)
    turns = Turns(Model(call("get_news"), text("done")))
    say(api, session_id, "News?")
    turns.run()
    accepted(api, session_id, result("call_get_news", "none"))
    turns.run()
    before = types(api, session_id)

    other = submit(api, session_id, result("call_get_news", "much"))
    assert (other.status, other.json["error"]) == (
        409,
        "tool_call_id: the call has another result already.",
    )
    assert submit(api, session_id, result("c9", 1)).status == 409
    assert types(api, session_id) == before


# ----------------------------------------------------------------------------- repetitions
def test_repeated_result_gets_the_same_answer(api: Gateway, session_id: str, turns: Turns) -> None:
    for _ in range(2):
        assert accepted(api, session_id, result("c1", {"a": 1, "b": 2})) == "waitingfortoolresults"
    assert accepted(api, session_id, result("c1", {"b": 2, "a": 1})) == "waitingfortoolresults"
    differs = submit(api, session_id, result("c1", {"a": 2}))
    assert differs.status == 409
    assert submit(api, session_id, failure("c1", "e")).status == 409

    both = result("c1", {"a": 1, "b": 2}), result("c3", [])
    assert accepted(api, session_id, *both) == "active"
    assert accepted(api, session_id, *both) == "active"
    assert len(payloads(api, session_id, "tool.completed")) == 3
    turns.run()
    assert answer_texts(api, session_id)[-1] == "done"
    assert_whole(api, session_id)


def test_conflicting_result_stores_none_of_its_request(
    api: Gateway, session_id: str, turns: Turns
) -> None:
    accepted(api, session_id, result("c1", 1))
    assert submit(api, session_id, result("c1", 2), result("c3", 3)).status == 409
    assert session(api, session_id)["status"] == "waitingfortoolresults"


def test_repeated_request_under_a_key_gets_its_first_answer(
    api: Gateway, session_id: str, turns: Turns
) -> None:
    first = submit(api, session_id, result("c1", 1), key="a")
    again = submit(api, session_id, result("c1", 1), key="a")
    assert (again.status, again.json) == (200, first.json)
    assert again.headers["idempotent-replayed"] == "true"
    assert submit(api, session_id, result("c1", 2), key="a").status == 422

    last = submit(api, session_id, result("c3", 3), key="b")
    turns.run()
    again = submit(api, session_id, result("c3", 3), key="b")
    assert (again.status, again.json) == (200, last.json)
    assert last.json == {"accepted": 1, "status": "active"}
    assert submit(api, session_id, result("c1", 1), key="a").json == first.json


# ---------------------------------------------------------------------------- cost and races
def submission(session_id: str, *results: dict[str, Any]) -> tuple[str, str, Any]:
    return "POST", f"/v1/sessions/{session_id}/tool-results", {"tool_results": list(results)}


def test_submission_costs_one_read_and_one_transaction(
    api: Gateway, session_id: str, turns: Turns
) -> None:
    with counted_requests() as requests, running("SubmitToolResultsFunction"):
        accepted(api, session_id, result("c1", 1), result("c3", 3))
    assert requests == {"GetItem": 1, "TransactWriteItems": 1}


def test_repetition_is_within_the_functions_permissions(
    api: Gateway, session_id: str, turns: Turns
) -> None:
    accepted(api, session_id, result("c1", 1))
    with running("SubmitToolResultsFunction"):
        accepted(api, session_id, result("c1", 1))
        assert submit(api, session_id, result("c1", 2), key="k").status == 409


def test_concurrent_results_of_two_calls_continue_the_turn_once(
    api: Gateway, session_id: str, turns: Turns
) -> None:
    requests = [submission(session_id, one) for one in (result("c1", 1), result("c3", 3))]
    found = race_of(api, requests)
    assert [one.status for one in found] == [200, 200]
    assert sorted(one.json["status"] for one in found) == ["active", "waitingfortoolresults"]
    turns.run()
    assert types(api, session_id).count("act.completed") == 1
    assert answer_texts(api, session_id)[-1] == "done"
    assert_whole(api, session_id)


def test_concurrent_different_results_of_a_call_store_one(
    api: Gateway, session_id: str, turns: Turns
) -> None:
    found = race_of(api, [submission(session_id, result("c1", n)) for n in range(4)])
    assert sorted(one.status for one in found) == [200, 409, 409, 409]
    assert len(payloads(api, session_id, "tool.completed")) == 2


def test_concurrent_equal_results_are_all_accepted(
    api: Gateway, session_id: str, turns: Turns
) -> None:
    both = result("c1", 1), result("c3", 3)
    found = race_of(api, [submission(session_id, *both)] * 4)
    assert [one.status for one in found] == [200] * 4
    assert len(payloads(api, session_id, "tool.completed")) == 3
    turns.run()
    assert answer_texts(api, session_id)[-1] == "done"


@pytest.mark.parametrize("path", ["/cancel", "/messages"])
def test_results_and_the_end_of_the_wait_exclude_each_other(
    api: Gateway, session_id: str, turns: Turns, path: str
) -> None:
    body = {"message": {"content": [{"type": "text", "text": "Stop"}]}}
    results = submission(session_id, result("c1", 1), result("c3", 3))
    submitted, ended = race_of(api, [results, ("POST", f"/v1/sessions/{session_id}{path}", body)])
    assert ended.status in (200, 201)
    completed = payloads(api, session_id, "tool.completed")
    stored = [json.loads(one["result"][0]["text"]) for one in completed if one.get("result")]
    if submitted.status == 200:
        assert stored[1:] == [1, 3]
    else:
        assert submitted.status == 409
        assert len(stored) == 1
        assert [one["status"] for one in completed[1:]] == ["cancelled"] * 2
    turns.run()
    assert_whole(api, session_id)


def test_reader_of_a_waiting_session_reconnects_slowly(
    api: Gateway, session_id: str, turns: Turns
) -> None:
    url = f"/v1/sessions/{session_id}/sse?types=turn.failed"
    assert turns.triggers() == []
    assert json.loads(api("GET", url).text.rpartition("data: ")[2])["retry_ms"] > 500


def test_repetition_after_the_end_of_the_turn_has_the_status_idle(
    api: Gateway, session_id: str, turns: Turns
) -> None:
    results = result("c1", 1), result("c3", 3)
    assert accepted(api, session_id, *results) == "active"
    turns.run()
    assert accepted(api, session_id, *results) == "idle"
