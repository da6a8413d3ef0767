"""Evaluation sessions through the API: create and get."""

import re
from typing import Any

import pytest

from tests.support.evaluations import World, new_entity, new_session, new_world
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests


def test_session_with_only_a_version_has_every_field(api: Gateway, world: World) -> None:
    new_session(api, world.version)  # the first one writes the version too
    with counted_requests() as requests:
        # As the official SDK sends it: isProduction always, null by default.
        answer = api("POST", "/sessions", {"versionId": world.version, "isProduction": None})
    session = answer.json
    assert answer.status == 201
    assert answer.headers["etag"] == '"1"'
    assert re.fullmatch(r"session_[0-9a-f]{32}", session["id"])
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


def test_session_with_all_fields_is_read_back(api: Gateway, world: World) -> None:
    sent: dict[str, Any] = {
        "versionId": world.version,
        "customId": "run 7 😀",
        "isProduction": False,
        "context": {"tier": "gold", "deep": [1, 0.5, None]},
        "metadata": {"channel": "web"},
        "status": "COMPLETED",
    }
    with counted_requests() as writing:
        created = api("POST", "/sessions", {**sent, "unknown": 1})
    with counted_requests() as reading:
        read = api("GET", f"/sessions/{created.json['id']}")
    assert {key: created.json[key] for key in sent} == sent
    assert read.status == 200
    assert read.json == created.json
    assert read.headers["etag"] == created.headers["etag"]
    assert writing == {"BatchGetItem": 1, "TransactWriteItems": 1}
    assert reading == {"GetItem": 1}


def test_context_string_becomes_a_value(api: Gateway, world: World) -> None:
    assert new_session(api, world.version, context="A shop")["context"] == {"value": "A shop"}


def test_session_of_a_test_case_has_its_context(api: Gateway, world: World) -> None:
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
def test_is_production_defaults_to_no_test_case(
    api: Gateway, world: World, with_case: bool, is_production: bool | None, expected: bool
) -> None:
    case = {"testCaseId": world.test_case} if with_case else {}
    session = new_session(api, world.version, isProduction=is_production, **case)
    assert session["isProduction"] is expected


def test_custom_id_is_unique_within_a_version(api: Gateway, world: World) -> None:
    new_session(api, world.version, customId="a")
    again = api("POST", "/sessions", {"versionId": world.version, "customId": "a"})
    other = new_entity(api, "/versions", productId=world.product, name="two")["id"]
    assert again.status == 400
    assert again.json["message"].startswith("customId: ")
    assert new_session(api, other, customId="a")["customId"] == "a"
    assert len(api("GET", "/sessions").json) == 2


def test_session_of_another_organization_is_not_found(
    api: Gateway, other_api: Gateway, world: World
) -> None:
    session = new_session(api, world.version, customId="a")
    other_world = new_world(other_api)
    foreign = other_api("GET", f"/sessions/{session['id']}")
    assert (foreign.status, foreign.json["error"]) == (404, "not_found")
    assert foreign.json == other_api("GET", "/sessions/session_" + "0" * 32).json
    assert other_api("GET", "/sessions?customIds=a").json == []
    assert other_api("GET", f"/sessions?versionIds={world.version}").json == []
    assert other_api("GET", f"/sessions?ids={session['id']}").status == 404
    assert other_api("POST", "/sessions", {"versionId": world.version}).status == 404
    crossed = {"versionId": other_world.version, "testCaseId": world.test_case}
    assert other_api("POST", "/sessions", crossed).status == 404
    assert new_session(other_api, other_world.version, customId="a")["customId"] == "a"


def test_concurrent_creates_with_same_custom_id_create_one_session(
    api: Gateway, world: World
) -> None:
    answers = race(api, "POST", "/sessions", {"versionId": world.version, "customId": "a"})
    assert sorted(answer.status for answer in answers) == [201] + [400] * 19
    assert len(api("GET", "/sessions?customIds[]=a").json) == 1
