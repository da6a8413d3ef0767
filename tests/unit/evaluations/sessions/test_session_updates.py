"""Updates of evaluation sessions through the API, also concurrent ones."""

from typing import Any

import pytest

from tests.support.evaluations import World, ids, new_session
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        ({"customId": "b"}, {"customId": "b"}),
        ({"customId": None}, {"customId": None}),
        ({"context": "A bank"}, {"context": {"value": "A bank"}}),
        ({"context": {"a": 1}}, {"context": {"a": 1}}),
        ({"context": None, "metadata": None}, {"context": None, "metadata": None}),
        ({"metadata": {"m": [2]}}, {"metadata": {"m": [2]}}),
        ({"isProduction": True}, {"isProduction": True}),
        ({"stoppingReason": "b"}, {"stoppingReason": "b"}),
        ({"error": "cut off"}, {"error": "cut off", "status": "PENDING"}),
        ({"status": "FAILED", "error": "b"}, {"status": "FAILED", "error": "b"}),
        ({"unknown": 1}, {}),
        ({}, {}),
    ],
)
def test_update_changes_only_the_fields_sent(
    api: Gateway, session: dict[str, Any], url: str, fields: dict[str, Any], changed: dict[str, Any]
) -> None:
    answer = api("PATCH", url, fields)
    assert (answer.status, answer.json) == (200, session | changed)
    read = api("GET", url)
    assert read.json == answer.json
    assert read.headers["etag"] == answer.headers["etag"] == ('"2"' if changed else '"1"')


def test_update_with_the_whole_response_changes_nothing(
    api: Gateway, session: dict[str, Any], url: str
) -> None:
    answer = api("PATCH", url, session)
    assert (answer.status, answer.json) == (200, session)
    assert answer.headers["etag"] == '"1"'


def test_session_of_a_test_case_cannot_become_production(api: Gateway, world: World) -> None:
    tested = new_session(api, world.version, testCaseId=world.test_case)
    answer = api("PATCH", f"/sessions/{tested['id']}", {"isProduction": True})
    assert (answer.status, answer.json["message"][:14]) == (400, "isProduction: ")


def test_changed_custom_id_releases_the_old_one(
    api: Gateway, world: World, session: dict[str, Any], url: str
) -> None:
    other = new_session(api, world.version, customId="b")
    taken = api("PATCH", url, {"customId": "b"})
    assert (taken.status, taken.json["message"][:10]) == (400, "customId: ")
    with counted_requests() as requests:
        assert api("PATCH", url, {"customId": "c"}).status == 200
    assert requests == {"GetItem": 1, "TransactWriteItems": 1}
    assert ids(api, "/sessions?customIds=a") == []
    assert ids(api, "/sessions?customIds=c") == [session["id"]]
    assert api("PATCH", f"/sessions/{other['id']}", {"customId": "a"}).status == 200
    again = api("POST", "/sessions", {"versionId": world.version, "customId": "c"})
    assert again.status == 400
    assert new_session(api, world.version, customId="b")["customId"] == "b"


def test_concurrent_claims_of_a_custom_id_leave_one_owner(
    api: Gateway, world: World, url: str
) -> None:
    answers = race(api, "PATCH", url, {"customId": "b"}, clients=10)
    assert {answer.status for answer in answers} == {200}
    others = race(api, "POST", "/sessions", {"versionId": world.version, "customId": "a"})
    assert sorted(answer.status for answer in others) == [201] + [400] * 19
