"""Turns of evaluation sessions through the API: changed, deleted, and the sums that follow."""

import random
from typing import Any

import pytest

from shared.evaluations import service
from shared.evaluations.models import Turn, Usage
from tests.support.evaluations import ASSISTANT, USER, World, new_session, new_turn, send_batch
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests


@pytest.fixture
def session(api: Gateway, world: World) -> str:
    return str(new_session(api, world.version)["id"])


def _usage(api: Gateway, session: str) -> Usage:
    return service.sessions().get(api.organization_id, session).usage


def _turns(api: Gateway, session: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api("GET", f"/inferenceResults?sessionIds={session}").json
    return found


@pytest.mark.parametrize(
    ("told", "changed"),
    [
        ({"input": "Hello"}, {"input": {"user_message": "Hello"}}),
        ({"input": None}, {"input": None}),
        ({"actualOutput": "Hi"}, {"actualOutput": "Hi", "status": "GENERATED"}),
        ({"error": "cut off"}, {"error": "cut off", "status": "FAILED"}),
        ({"actualOutput": "Hi", "error": "late"},
         {"actualOutput": "Hi", "error": "late", "status": "FAILED"}),
        ({"actualOutput": "Hi", "status": "PENDING"}, {"actualOutput": "Hi"}),
        ({"actualOutput": None, "error": None}, {}),
        ({"latency": 12.5, "cost": None}, {"latency": 12.5}),
        ({"retrievalContext": "b", "conversationSimulatorVersion": "1"},
         {"retrievalContext": "b", "conversationSimulatorVersion": "1"}),
        ({}, {}),
    ],
)  # fmt: skip
def test_given_some_fields_when_a_turn_is_updated_then_only_those_change(
    api: Gateway, session: str, told: dict[str, Any], changed: dict[str, Any]
) -> None:
    turn = new_turn(api, session, input="a")
    url = f"/inferenceResults/{turn['id']}"
    with counted_requests() as requests:
        answer = api("PATCH", url, told)
    assert (answer.status, answer.json) == (200, turn | changed)
    assert requests == {"GetItem": 1, "Query": 1} | ({"TransactWriteItems": 1} if changed else {})
    read = api("GET", url)
    assert (read.json, read.headers["etag"]) == (answer.json, answer.headers["etag"])
    assert read.headers["etag"] == ('"2"' if changed else '"1"')


def test_given_a_finished_turn_when_an_error_is_told_then_its_status_stays(
    api: Gateway, session: str
) -> None:
    turn = new_turn(api, session, input="a", actualOutput="b")
    answer = api("PATCH", f"/inferenceResults/{turn['id']}", {"error": "c"})
    assert answer.json["status"] == "GENERATED"


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ({"id": "ir_" + "0" * 40}, "id: "),
        ({"sessionId": "session_" + "0" * 32}, "sessionId: "),
        ({"index": 1}, "index: "),
        ({"userId": "someone"}, "userId: "),
        ({"createdAt": "2026-01-01"}, "createdAt: "),
        ({"deletedAt": "2026-01-01T00:00:00Z"}, "deletedAt: "),
        ({"status": None}, "status: "),
        ({"status": "DONE"}, "status: "),
        ({"input": 7}, "input: "),
        ({"inputTokens": -1}, "inputTokens: "),
        ({"inputTokens": 1.5}, "inputTokens: "),
        ({"latency": -1}, "latency: "),
        ({"cost": 1e16}, "cost: "),
        ({"actualOutput": ["a"]}, "actualOutput: "),
    ],
)
def test_given_a_bad_change_when_a_turn_is_updated_then_it_is_refused_by_name(
    api: Gateway, session: str, told: dict[str, Any], names: str
) -> None:
    turn = new_turn(api, session, input="a")
    answer = api("PATCH", f"/inferenceResults/{turn['id']}", told)
    assert answer.status == 400
    assert answer.json["message"].startswith(names), answer.json
    assert _turns(api, session) == [turn]


def test_given_a_stale_etag_when_a_turn_is_written_then_nothing_happens(
    api: Gateway, session: str
) -> None:
    url = f"/inferenceResults/{new_turn(api, session, input='a')['id']}"
    assert api("PATCH", url, {"error": "b"}, headers={"if-match": '"1"'}).status == 200
    assert api("PATCH", url, {"error": "c"}, headers={"if-match": '"1"'}).status == 412
    assert api("DELETE", url, headers={"if-match": '"1"'}).status == 412
    assert api("GET", url).json["error"] == "b"
    assert api("DELETE", url, headers={"if-match": '"2"'}).status == 204


def test_given_a_deleted_turn_when_listed_then_those_behind_it_move_up(
    api: Gateway, session: str
) -> None:
    turns = [new_turn(api, session, input=name) for name in "abcd"]
    with counted_requests() as requests:
        answer = api("DELETE", f"/inferenceResults/{turns[1]['id']}")
    assert (answer.status, answer.text) == (204, "")
    assert requests == {"GetItem": 1, "Query": 1, "TransactWriteItems": 1}
    later = new_turn(api, session, input="e")
    found = _turns(api, session)
    assert [turn["input"]["user_message"] for turn in found] == list("acde")
    assert [turn["index"] for turn in found] == [0, 1, 2, 3]
    assert later["index"] == 3
    assert api("GET", f"/inferenceResults/{turns[3]['id']}").json["index"] == 2
    for method in ("GET", "PATCH", "DELETE"):
        body: dict[str, Any] | None = {} if method == "PATCH" else None
        assert api(method, f"/inferenceResults/{turns[1]['id']}", body).status == 404
    assert api("GET", f"/inferenceResults?ids={turns[1]['id']}").status == 404


def test_given_a_deleted_turn_then_what_was_said_is_not_kept(
    api: Gateway, session: str, dynamodb_table: Any
) -> None:
    turn = new_turn(api, session, input="my secret", actualOutput="well kept")
    api("DELETE", f"/inferenceResults/{turn['id']}")
    [name] = dynamodb_table.list_tables()["TableNames"]
    kept = str(dynamodb_table.scan(TableName=name)["Items"])
    assert "my secret" not in kept
    assert "well kept" not in kept


def test_given_a_foreign_turn_when_changed_then_it_is_unknown(
    api: Gateway, other_api: Gateway, session: str
) -> None:
    url = f"/inferenceResults/{new_turn(api, session, input='a')['id']}"
    assert other_api("PATCH", url, {"error": "b"}).status == 404
    assert other_api("DELETE", url).status == 404
    body = {"sessionId": session, "conversationTurns": [USER | {"content": "a"}]}
    assert other_api("POST", "/inferenceResults/batch", body).status == 404
    assert api("GET", url).json["error"] is None


def test_given_turns_that_come_change_and_go_then_the_sums_are_those_of_the_rest(
    api: Gateway, session: str
) -> None:
    """Given prices that binary fractions cannot hold, then nothing is left behind."""
    chance = random.Random(7)
    turns: dict[str, dict[str, Any]] = {}

    def some() -> dict[str, Any]:
        numbers = {
            "inputTokens": chance.choice([None, chance.randrange(1000)]),
            "outputTokens": chance.choice([None, chance.randrange(1000)]),
            "tokens": chance.choice([None, chance.randrange(3000)]),
            "cost": chance.choice([None, chance.randrange(1000) / 1000]),
            "costPerInputToken": chance.choice([None, 0.0001]),
        }
        return {key: value for key, value in numbers.items() if chance.random() < 0.8}

    for _ in range(40):
        choice = chance.random()
        known = chance.choice(list(turns)) if turns and choice > 0.4 else None
        if known is None:
            fields = some()
            turns[new_turn(api, session, input="a", **fields)["id"]] = fields
        elif choice < 0.75:
            fields = some()
            turns[known] = turns[known] | fields
            assert api("PATCH", f"/inferenceResults/{known}", fields).status == 200
        else:
            del turns[known]
            assert api("DELETE", f"/inferenceResults/{known}").status == 204
    expected = Usage()
    for fields in turns.values():
        expected = expected.plus(
            Turn(
                input_tokens=fields.get("inputTokens"),
                output_tokens=fields.get("outputTokens"),
                tokens=fields.get("tokens"),
                cost=fields.get("cost"),
                cost_per_input_token=fields.get("costPerInputToken"),
            )
        )
    assert _usage(api, session) == expected
    assert [turn["index"] for turn in _turns(api, session)] == list(range(len(turns)))


def test_given_a_turn_that_outgrows_its_neighbours_when_updated_then_none_is_lost(
    api: Gateway, session: str
) -> None:
    turns = [(ASSISTANT if n % 2 else USER) | {"content": "a" * 9_000} for n in range(60)]
    recorded = send_batch(api, session, *turns).json
    grown = {"actualOutput": "b" * 250_000}
    answer = api("PATCH", f"/inferenceResults/{recorded[3]['id']}", grown)
    assert answer.status == 200
    found = _turns(api, session)
    assert found == [*recorded[:3], recorded[3] | grown, *recorded[4:]]
    assert api("GET", f"/inferenceResults/{recorded[9]['id']}").json == recorded[9]


def test_given_20_clients_when_they_update_and_delete_at_once_then_the_sums_hold(
    api: Gateway, session: str
) -> None:
    turn = new_turn(api, session, input="a", inputTokens=5)["id"]
    kept = new_turn(api, session, input="b", inputTokens=7)["id"]
    url = f"/inferenceResults/{turn}"
    answers = race(api, "PATCH", url, {"inputTokens": 9}, clients=10)
    assert {answer.status for answer in answers} == {200}
    assert _usage(api, session).input_tokens == 16
    deleted = race(api, "DELETE", url, clients=10)
    assert sorted(answer.status for answer in deleted) == [204] + [404] * 9
    assert _usage(api, session) == Usage(input_tokens=7, tokens=7)
    assert api("GET", f"/inferenceResults/{kept}").json["index"] == 0
