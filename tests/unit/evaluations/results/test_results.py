"""Inference results through the API: create, get and list."""

import re
from typing import Any

import pytest

from shared.evaluations.results import lists
from shared.evaluations.results.domain import Usage
from tests.support.evaluations import World, ids, new_session, new_turn, usage_of
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests


def test_turn_of_the_sdk_has_every_field(api: Gateway, session: str) -> None:
    # As the official SDK sends it.
    sent = {"sessionId": session, "status": "GENERATED", "input": "Hello", "actualOutput": "Hi"}
    with counted_requests() as requests:
        answer = api("POST", "/inferenceResults", sent)
    turn = answer.json
    assert answer.status == 201
    assert answer.headers["etag"] == '"1"'
    assert re.fullmatch(r"ir_[0-9a-f]{40}", turn["id"])
    nulls = (
        "error", "retrievalContext", "latency", "inputTokens", "outputTokens",
        "cacheReadInputTokens", "tokens", "costPerInputToken", "costPerOutputToken",
        "costPerCacheReadInputToken", "cost", "creditsUsed", "conversationSimulatorVersion",
        "traceId", "deletedAt",
    )  # fmt: skip
    assert turn == dict.fromkeys(nulls) | {
        "id": turn["id"],
        "sessionId": session,
        "userId": str(api.key_id),
        "index": 0,
        "status": "GENERATED",
        "input": {"user_message": "Hello"},
        "actualOutput": "Hi",
        "createdAt": turn["createdAt"],
    }
    assert requests == {"GetItem": 1, "TransactWriteItems": 1}


def test_turn_with_all_fields_is_read_back(api: Gateway, session: str) -> None:
    sent: dict[str, Any] = {
        "input": {"user_message": "Hello", "chat": [1, None]},
        "actualOutput": "Hi",
        "retrievalContext": "Greetings are answered.",
        "latency": 812.5,
        "inputTokens": 21,
        "outputTokens": 12,
        "cacheReadInputTokens": 3,
        "tokens": 36,
        "cost": 0.5,
        "costPerInputToken": 0.01,
        "costPerOutputToken": 0.02,
        "costPerCacheReadInputToken": 0.001,
        "conversationSimulatorVersion": "1.0.0",
        "status": "FAILED",
        "error": "cut off",
    }
    turn = new_turn(api, session, index=7, userId="someone", **sent)
    with counted_requests() as requests:
        read = api("GET", f"/inferenceResults/{turn['id']}")
    assert {key: turn[key] for key in sent} == sent
    assert (turn["index"], turn["userId"]) == (0, str(api.key_id))
    assert (read.status, read.json) == (200, turn)
    assert read.headers["etag"] == '"1"'
    assert requests == {"GetItem": 1, "Query": 1}


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"input": "a"}, "PENDING"),
        ({"input": "a", "actualOutput": "b"}, "GENERATED"),
        ({"input": "a", "actualOutput": ""}, "GENERATED"),
        ({"input": "a", "actualOutput": "b", "error": "c"}, "FAILED"),
        ({"input": "a", "status": "SKIPPED"}, "SKIPPED"),
        ({"input": None, "actualOutput": None, "latency": None, "cost": None}, "PENDING"),
    ],
)
def test_status_defaults_to_the_content_of_the_turn(
    api: Gateway, session: str, fields: dict[str, Any], status: str
) -> None:
    assert new_turn(api, session, **fields)["status"] == status


def test_turns_are_numbered_and_summed(api: Gateway, session: str) -> None:
    new_turn(api, session, inputTokens=10, outputTokens=5, costPerInputToken=0.5)
    new_turn(api, session, inputTokens=1, tokens=100, cost=2.0, costPerInputToken=0.5)
    third = new_turn(api, session, cacheReadInputTokens=4, costPerCacheReadInputToken=0.25)
    assert third["index"] == 2
    assert usage_of(api, session) == Usage(
        input_tokens=11, output_tokens=5, cache_read_input_tokens=4, tokens=115, cost=8.0
    )


def test_closed_session_accepts_turns_and_stays_closed(api: Gateway, world: World) -> None:
    closed = new_session(api, world.version, status="COMPLETED")["id"]
    new_turn(api, closed, input="a")
    assert api("GET", f"/sessions/{closed}").json["status"] == "COMPLETED"


def test_turn_of_another_organization_is_not_found(
    api: Gateway, other_api: Gateway, session: str
) -> None:
    turn = new_turn(api, session, input="a")["id"]
    assert other_api("GET", f"/inferenceResults/{turn}").status == 404
    assert other_api("GET", f"/inferenceResults?ids={turn}").status == 404
    assert other_api("GET", f"/inferenceResults?sessionIds={session}").json == []
    assert other_api("POST", "/inferenceResults", {"sessionId": session}).status == 404
    assert other_api("GET", "/inferenceResults").json == []


def test_id_beyond_the_last_turn_is_not_found(api: Gateway, session: str) -> None:
    turn = new_turn(api, session, input="a")["id"]
    for identifier in (f"{turn[:-1]}2", f"{turn[:-8]}00000000", f"{turn[:-8]}ffffffff"):
        assert api("GET", f"/inferenceResults/{identifier}").status == 404


def test_message_of_an_agent_session_is_no_turn(api: Gateway) -> None:
    agent = api("POST", "/v1/agents", {"name": "a", "system_prompt": "b"}).json["id"]
    other = api("POST", "/v1/sessions", {"agent_id": agent}).json["id"]
    content = [{"type": "text", "text": "Hello"}]
    message = {"message": {"role": "user", "content": content}}
    assert api("POST", f"/v1/sessions/{other}/messages", message).status == 201
    of_message = f"ir_{other.removeprefix('session_')}00000001"
    assert api("GET", f"/inferenceResults/{of_message}").status == 404
    assert api("GET", f"/inferenceResults?ids={of_message}").status == 404
    assert api("POST", "/inferenceResults", {"sessionId": other}).status == 404
    assert api("GET", f"/sessions/{other}").status == 404


def test_concurrent_turns_have_indexes_without_gaps(api: Gateway, session: str) -> None:
    answers = race(api, "POST", "/inferenceResults", {"sessionId": session, "outputTokens": 1})
    assert sorted(answer.json["index"] for answer in answers) == list(range(20))
    assert usage_of(api, session).tokens == 20


@pytest.fixture
def turns(api: Gateway, world: World) -> dict[str, str]:
    """Two sessions with alternating turns, by name."""
    first, second = (new_session(api, world.version)["id"] for _ in range(2))
    found = {"first": first, "second": second}
    for name in ("a", "x", "b", "y", "c"):
        found[name] = new_turn(api, first if name in "abc" else second, input=name)["id"]
    return found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sessionIds={first}", "abc"),
        ("sessionIds[]={second}&sessionIds[]={first}", "abcxy"),
        ("", "abcxy"),
        ("sort=createdAt,asc", "axbyc"),
        ("sort[]=createdAt&sort[]=desc", "cybxa"),
        ("sort=-index&sessionIds={first}", "cba"),
        ("sort=index", "axbyc"),
        ("ids={y}&ids={a}", "ay"),
        ("ids={y}&ids={a}&sessionIds={first}", "a"),
        ("limit=2&offset=2", "cx"),
        ("sessionIds=nonsense", ""),
        ("sessionIds=session_00000000000000000000000000000000&sessionIds={first}", "abc"),
        ("fromCreatedAt=2020-01-01&toCreatedAt=2021-01-01", ""),
        ("sessionIds={first}&evaluationIds=any", ""),
    ],
)
def test_list_returns_matching_turns_by_session_and_index(
    api: Gateway, turns: dict[str, str], query: str, expected: str
) -> None:
    found = ids(api, "/inferenceResults?" + query.format(**turns))
    assert found == [turns[name] for name in expected]


@pytest.mark.parametrize("sort", ["", "sort=-createdAt&", "sort=index,desc&"])
def test_cursor_continues_the_list(api: Gateway, turns: dict[str, str], sort: str) -> None:
    whole = ids(api, f"/inferenceResults?{sort}")
    first = api("GET", f"/inferenceResults?{sort}limit=3")
    cursor = first.headers["x-next-cursor"]
    rest = api("GET", f"/inferenceResults?{sort}limit=3&cursor={cursor}")
    assert [turn["id"] for turn in first.json + rest.json] == whole
    assert "x-next-cursor" not in rest.headers


def test_list_with_unknown_id_names_it(api: Gateway, turns: dict[str, str]) -> None:
    unknown = f"{turns['a'][:-8]}000000ff"
    answer = api("GET", f"/inferenceResults?ids={turns['a']}&ids={unknown}")
    assert answer.status == 404
    assert unknown in answer.json["message"]


def test_list_of_all_turns_of_too_many_sessions_is_rejected(
    api: Gateway, turns: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MAX_SESSIONS", 1)
    answer = api("GET", "/inferenceResults")
    assert answer.status == 400
    assert answer.json["message"].startswith("sessionIds: ")


def test_list_of_one_session_costs_one_query(api: Gateway, turns: dict[str, str]) -> None:
    with counted_requests() as requests:
        ids(api, f"/inferenceResults?sessionIds={turns['first']}")
    assert requests == {"Query": 1}
