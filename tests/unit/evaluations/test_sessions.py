"""Evaluation sessions through the API: create and read."""

import re
from typing import Any

import pytest

from tests.support.evaluations import World, made, new_session, new_world
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests

KEY = {"idempotency-key": "k"}
SESSION_ID = re.compile(r"session_[0-9a-f]{32}")


def test_given_only_a_version_when_created_then_every_field_is_there(
    api: Gateway, world: World
) -> None:
    new_session(api, world.version)  # the first is also written down in the version
    with counted_requests() as requests:
        # As the official SDK sends it: isProduction always, null when not given.
        answer = api("POST", "/sessions", {"versionId": world.version, "isProduction": None})
    session = answer.json
    assert answer.status == 201
    assert answer.headers["etag"] == '"1"'
    assert SESSION_ID.fullmatch(session["id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", session["createdAt"])
    assert session == {
        "id": session["id"],
        "customId": None,
        "versionId": world.version,
        "userId": str(api.key_id),
        "testCaseId": None,
        "context": None,
        "stoppingReason": None,
        "error": None,
        "status": "PENDING",
        "isProduction": True,
        "metadata": None,
        "createdAt": session["createdAt"],
        "deletedAt": None,
    }
    assert requests == {"BatchGetItem": 1, "PutItem": 1}


def test_given_all_fields_when_created_then_they_are_read_back(api: Gateway, world: World) -> None:
    given: dict[str, Any] = {
        "versionId": world.version,
        "customId": "run 7 😀",
        "isProduction": False,
        "context": {"tier": "gold", "deep": [1, 0.5, None]},
        "metadata": {"channel": "web"},
        "status": "COMPLETED",
    }
    with counted_requests() as writing:
        created = api("POST", "/sessions", {**given, "unknown": 1})
    with counted_requests() as reading:
        read = api("GET", f"/sessions/{created.json['id']}")
    assert {key: created.json[key] for key in given} == given
    assert read.status == 200
    assert read.json == created.json
    assert read.headers["etag"] == created.headers["etag"]
    assert writing == {"BatchGetItem": 1, "TransactWriteItems": 1}
    assert reading == {"GetItem": 1}


def test_given_a_context_text_when_created_then_it_is_kept_as_a_value(
    api: Gateway, world: World
) -> None:
    assert new_session(api, world.version, context="A shop")["context"] == {"value": "A shop"}


def test_given_a_test_case_when_created_then_its_context_is_taken_over(
    api: Gateway, world: World
) -> None:
    new_session(api, world.version, testCaseId=world.test_case)
    with counted_requests() as requests:
        session = new_session(api, world.version, testCaseId=world.test_case)
    assert session["testCaseId"] == world.test_case
    assert session["context"] == {"value": "A shop"}
    assert session["isProduction"] is False
    assert requests == {"BatchGetItem": 1, "PutItem": 1}


@pytest.mark.parametrize(
    ("with_case", "is_production", "expected"),
    [
        (False, None, True),
        (False, True, True),
        (False, False, False),
        (True, None, False),
        (True, False, False),
    ],
)
def test_given_is_production_when_created_then_it_follows_the_test_case_unless_told(
    api: Gateway, world: World, with_case: bool, is_production: bool | None, expected: bool
) -> None:
    case = {"testCaseId": world.test_case} if with_case else {}
    session = new_session(api, world.version, isProduction=is_production, **case)
    assert session["isProduction"] is expected


def test_given_a_custom_id_when_used_again_then_only_another_version_takes_it(
    api: Gateway, world: World
) -> None:
    new_session(api, world.version, customId="a")
    again = api("POST", "/sessions", {"versionId": world.version, "customId": "a"})
    other = made(api, "/versions", productId=world.product, name="two")["id"]
    assert again.status == 400
    assert again.json["message"].startswith("customId: ")
    assert new_session(api, other, customId="a")["customId"] == "a"
    assert len(api("GET", "/sessions").json) == 2


def test_given_another_organisation_when_it_reads_then_the_session_is_unknown(
    api: Gateway, other_api: Gateway, world: World
) -> None:
    session = new_session(api, world.version, customId="a")
    theirs = new_world(other_api)
    foreign = other_api("GET", f"/sessions/{session['id']}")
    assert (foreign.status, foreign.json["error"]) == (404, "not_found")
    assert foreign.json == other_api("GET", "/sessions/session_" + "0" * 32).json
    assert other_api("GET", "/sessions?customIds=a").json == []
    assert other_api("GET", f"/sessions?versionIds={world.version}").json == []
    assert other_api("GET", f"/sessions?ids={session['id']}").status == 404
    assert other_api("POST", "/sessions", {"versionId": world.version}).status == 404
    crossed = {"versionId": theirs.version, "testCaseId": world.test_case}
    assert other_api("POST", "/sessions", crossed).status == 404
    assert new_session(other_api, theirs.version, customId="a")["customId"] == "a"


@pytest.mark.parametrize("custom_id", [None, "a"])
def test_given_an_idempotency_key_when_repeated_then_one_session_and_one_answer(
    api: Gateway, world: World, custom_id: str | None
) -> None:
    body: dict[str, Any] = {"versionId": world.version, "metadata": {"n": 1}}
    if custom_id:
        body["customId"] = custom_id
    first = api("POST", "/sessions", body, headers=KEY)
    second = api("POST", "/sessions", body, headers=KEY)
    other = api("POST", "/sessions", {**body, "metadata": {"n": 2}}, headers=KEY)
    assert (first.status, second.status) == (201, 201)
    assert second.text == first.text
    assert second.headers["etag"] == first.headers["etag"]
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert (other.status, other.json["error"]) == (422, "idempotency_key_reused")
    assert len(api("GET", "/sessions").json) == 1


@pytest.mark.parametrize("custom_id", [{}, {"customId": "a"}])
def test_given_20_clients_with_one_idempotency_key_when_they_race_then_one_session(
    api: Gateway, world: World, custom_id: dict[str, str]
) -> None:
    answers = race(api, "POST", "/sessions", {"versionId": world.version} | custom_id, headers=KEY)
    assert {answer.status for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(api("GET", "/sessions").json) == 1


def test_given_20_clients_with_one_custom_id_when_they_race_then_one_session(
    api: Gateway, world: World
) -> None:
    answers = race(api, "POST", "/sessions", {"versionId": world.version, "customId": "a"})
    assert sorted(answer.status for answer in answers) == [201] + [400] * 19
    assert len(api("GET", "/sessions?customIds[]=a").json) == 1
