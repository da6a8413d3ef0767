"""Evaluation sessions through the API: changed, also by many at once."""

from typing import Any

import pytest

from shared.evaluations.models import EvaluationSession
from tests.support.evaluations import World, ids, made, new_session
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests

FULL: dict[str, Any] = {
    "customId": "a", "context": "A shop", "metadata": {"n": 1}, "isProduction": False,
}  # fmt: skip


@pytest.fixture
def session(api: Gateway, world: World) -> dict[str, Any]:
    return new_session(api, world.version, **FULL)


def _url(session: dict[str, Any]) -> str:
    return f"/sessions/{session['id']}"


@pytest.mark.parametrize(
    ("told", "changed"),
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
def test_given_some_fields_when_updated_then_only_those_change(
    api: Gateway, session: dict[str, Any], told: dict[str, Any], changed: dict[str, Any]
) -> None:
    answer = api("PATCH", _url(session), told)
    assert (answer.status, answer.json) == (200, session | changed)
    read = api("GET", _url(session))
    assert read.json == answer.json
    assert read.headers["etag"] == answer.headers["etag"] == ('"2"' if changed else '"1"')


def test_given_what_was_answered_when_sent_back_then_nothing_changes(
    api: Gateway, session: dict[str, Any]
) -> None:
    answer = api("PATCH", _url(session), session)
    assert (answer.status, answer.json) == (200, session)
    assert answer.headers["etag"] == '"1"'


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ({"id": "session_" + "0" * 32}, "id: "),
        ({"versionId": "version_" + "0" * 32}, "versionId: "),
        ({"versionId": None}, "versionId: "),
        ({"createdAt": "2026-01-01T00:00:00Z"}, "createdAt: "),
        ({"createdAt": "yesterday"}, "createdAt: "),
        ({"userId": "key_" + "0" * 32}, "userId: "),
        ({"testCaseId": "testCase_" + "0" * 32}, "testCaseId: "),
        ({"deletedAt": "2026-01-01T00:00:00Z"}, "deletedAt: "),
        ({"customId": ""}, "customId: "),
        ({"customId": 7}, "customId: "),
        ({"customId": "a" * 1025}, "customId: "),
        ({"status": "OPEN"}, "status: "),
        ({"status": None}, "status: "),
        ({"isProduction": None}, "isProduction: "),
        ({"isProduction": "no"}, "isProduction: "),
        ({"context": 7}, "context: "),
        ({"metadata": "text"}, "metadata: "),
        ({"error": 7}, "error: "),
        ([], ""),
    ],
)
def test_given_a_bad_change_when_updated_then_it_is_refused_by_name(
    api: Gateway, session: dict[str, Any], told: Any, names: str
) -> None:
    answer = api("PATCH", _url(session), told)
    assert answer.status == 400
    assert answer.json["message"].startswith(names), answer.json
    assert api("GET", _url(session)).json == session


def test_given_a_session_of_a_test_case_when_made_production_then_it_is_refused(
    api: Gateway, world: World
) -> None:
    tested = new_session(api, world.version, testCaseId=world.test_case)
    answer = api("PATCH", _url(tested), {"isProduction": True})
    assert (answer.status, answer.json["message"][:14]) == (400, "isProduction: ")


def test_given_a_custom_id_when_it_moves_then_the_old_is_free_and_the_new_is_taken(
    api: Gateway, world: World, session: dict[str, Any]
) -> None:
    other = new_session(api, world.version, customId="b")
    taken = api("PATCH", _url(session), {"customId": "b"})
    assert (taken.status, taken.json["message"][:10]) == (400, "customId: ")
    with counted_requests() as requests:
        assert api("PATCH", _url(session), {"customId": "c"}).status == 200
    assert requests == {"GetItem": 1, "TransactWriteItems": 1}
    assert ids(api, "/sessions?customIds=a") == []
    assert ids(api, "/sessions?customIds=c") == [session["id"]]
    assert api("PATCH", _url(other), {"customId": "a"}).status == 200
    again = api("POST", "/sessions", {"versionId": world.version, "customId": "c"})
    assert again.status == 400
    assert new_session(api, world.version, customId="b")["customId"] == "b"


def test_given_20_sessions_when_they_race_for_one_custom_id_then_one_gets_it(
    api: Gateway, world: World, session: dict[str, Any]
) -> None:
    answers = race(api, "PATCH", _url(session), {"customId": "b"}, clients=10)
    assert {answer.status for answer in answers} == {200}
    others = race(api, "POST", "/sessions", {"versionId": world.version, "customId": "a"})
    assert sorted(answer.status for answer in others) == [201] + [400] * 19


def test_given_a_stale_etag_when_written_then_nothing_happens(
    api: Gateway, session: dict[str, Any]
) -> None:
    api("PATCH", _url(session), {"metadata": None})
    stale, fresh = {"if-match": '"1"'}, {"if-match": '"2"'}
    for method, url, body in (
        ("PATCH", _url(session), {"error": "b"}),
        ("PATCH", _url(session) + "/finish", {"error": "b"}),
        ("DELETE", _url(session), None),
    ):
        assert api(method, url, body, headers=stale).status == 412
    assert api("GET", _url(session)).json["error"] is None
    assert api("DELETE", _url(session), headers=fresh).status == 204


def test_given_a_foreign_session_when_changed_then_it_is_unknown(
    api: Gateway, other_api: Gateway, session: dict[str, Any]
) -> None:
    for method, url, body in (
        ("PATCH", _url(session), {"error": "b"}),
        ("PATCH", _url(session) + "/finish", {"error": "b"}),
        ("DELETE", _url(session), None),
        ("DELETE", "/sessions/batch", {"ids": [session["id"]]}),
    ):
        assert other_api(method, url, body).status == 404
    assert api("GET", _url(session)).json == session


def test_given_a_replay_when_the_session_was_changed_or_its_version_deleted_then_as_first(
    api: Gateway, world: World
) -> None:
    key = {"idempotency-key": "k"}
    body = {"versionId": made(api, "/versions", productId=world.product)["id"]}
    first = api("POST", "/sessions", body, headers=key)
    api("PATCH", _url(first.json), {"error": "b"})
    assert api("POST", "/sessions", body, headers=key).text == first.text
    assert api("DELETE", _url(first.json)).status == 204
    assert api("DELETE", f"/versions/{body['versionId']}").status == 204
    assert api("POST", "/sessions", body, headers=key).status in (404, 409)


def test_given_deleted_turns_when_counted_then_each_index_is_less_those_before() -> None:
    session = object.__new__(EvaluationSession)
    object.__setattr__(session, "deleted_turns", (2, 4))
    assert [session.index_of(sequence) for sequence in (1, 3, 5, 6)] == [0, 1, 2, 3]
