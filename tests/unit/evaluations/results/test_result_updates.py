"""Updates and deletes of inference results, and the sums of their session."""

import random
from typing import Any

import pytest
from pydantic.alias_generators import to_snake

from shared.evaluations.results.domain import Turn, Usage
from tests.support.evaluations import ASSISTANT, USER, new_turn, send_batch, turns_of, usage_of
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests


@pytest.mark.parametrize(
    ("fields", "changed"),
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
def test_update_changes_only_the_fields_sent(
    api: Gateway, session: str, fields: dict[str, Any], changed: dict[str, Any]
) -> None:
    turn = new_turn(api, session, input="a")
    url = f"/inferenceResults/{turn['id']}"
    with counted_requests() as requests:
        answer = api("PATCH", url, fields)
    assert (answer.status, answer.json) == (200, turn | changed)
    assert requests == {"GetItem": 1, "Query": 1} | ({"TransactWriteItems": 1} if changed else {})
    read = api("GET", url)
    assert (read.json, read.headers["etag"]) == (answer.json, answer.headers["etag"])
    assert read.headers["etag"] == ('"2"' if changed else '"1"')


def test_error_keeps_the_status_of_a_generated_turn(api: Gateway, session: str) -> None:
    turn = new_turn(api, session, input="a", actualOutput="b")
    answer = api("PATCH", f"/inferenceResults/{turn['id']}", {"error": "c"})
    assert answer.json["status"] == "GENERATED"


def test_delete_reduces_the_index_of_later_turns(api: Gateway, session: str) -> None:
    turns = [new_turn(api, session, input=name) for name in "abcd"]
    with counted_requests() as requests:
        answer = api("DELETE", f"/inferenceResults/{turns[1]['id']}")
    assert (answer.status, answer.text) == (204, "")
    # The second query finds the traces of the turn.
    assert requests == {"GetItem": 1, "Query": 2, "TransactWriteItems": 1}
    later = new_turn(api, session, input="e")
    found = turns_of(api, session)
    assert [turn["input"]["user_message"] for turn in found] == list("acde")
    assert [turn["index"] for turn in found] == [0, 1, 2, 3]
    assert later["index"] == 3
    assert api("GET", f"/inferenceResults/{turns[3]['id']}").json["index"] == 2
    for method in ("GET", "PATCH", "DELETE"):
        body: dict[str, Any] | None = {} if method == "PATCH" else None
        assert api(method, f"/inferenceResults/{turns[1]['id']}", body).status == 404
    assert api("GET", f"/inferenceResults?ids={turns[1]['id']}").status == 404


@pytest.mark.parametrize("is_updated", [False, True])
def test_delete_removes_the_content(
    api: Gateway, session: str, dynamodb_table: Any, is_updated: bool
) -> None:
    turn = new_turn(api, session, input="my secret", actualOutput="well kept")
    if is_updated:
        api("PATCH", f"/inferenceResults/{turn['id']}", {"actualOutput": "changed"})
    api("DELETE", f"/inferenceResults/{turn['id']}")
    [name] = dynamodb_table.list_tables()["TableNames"]
    stored = str(dynamodb_table.scan(TableName=name)["Items"])
    assert "my secret" not in stored
    assert "well kept" not in stored
    assert "changed" not in stored


def test_sums_follow_creates_updates_and_deletes(api: Gateway, session: str) -> None:
    """With prices that binary fractions cannot represent."""
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
        turn = Turn(**{to_snake(name): value for name, value in fields.items()})
        expected = expected.plus(turn)
    assert usage_of(api, session) == expected
    assert [found["index"] for found in turns_of(api, session)] == list(range(len(turns)))


def test_turn_that_outgrows_its_item_is_updated(api: Gateway, session: str) -> None:
    turns = [(ASSISTANT if n % 2 else USER) | {"content": "a" * 9_000} for n in range(60)]
    recorded = send_batch(api, session, *turns).json
    grown = {"actualOutput": "b" * 250_000}
    answer = api("PATCH", f"/inferenceResults/{recorded[3]['id']}", grown)
    assert answer.status == 200
    found = turns_of(api, session)
    assert found == [*recorded[:3], recorded[3] | grown, *recorded[4:]]
    assert api("GET", f"/inferenceResults/{recorded[9]['id']}").json == recorded[9]


def test_concurrent_updates_and_deletes_keep_the_sums(api: Gateway, session: str) -> None:
    turn = new_turn(api, session, input="a", inputTokens=5)["id"]
    kept = new_turn(api, session, input="b", inputTokens=7)["id"]
    url = f"/inferenceResults/{turn}"
    answers = race(api, "PATCH", url, {"inputTokens": 9}, clients=10)
    assert {answer.status for answer in answers} == {200}
    assert usage_of(api, session).input_tokens == 16
    deleted = race(api, "DELETE", url, clients=10)
    assert sorted(answer.status for answer in deleted) == [204] + [404] * 9
    assert usage_of(api, session) == Usage(input_tokens=7, tokens=7)
    assert api("GET", f"/inferenceResults/{kept}").json["index"] == 0
