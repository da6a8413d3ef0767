"""Evaluation sessions through the API: finish, delete and batch delete."""

from typing import Any

import pytest

from shared.evaluations.sessions import batch_deletion
from tests.support.evaluations import World, ids, new_session, new_turn
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"stoppingReason": "GOAL"}, ("COMPLETED", "GOAL", None)),
        ({"error": "cut off"}, ("FAILED", None, "cut off")),
        ({"stoppingReason": "GOAL", "error": "cut off"}, ("FAILED", "GOAL", "cut off")),
        ({"stoppingReason": "GOAL", "error": ""}, ("COMPLETED", "GOAL", None)),
    ],
)
def test_finish_closes_the_session_once(
    api: Gateway,
    session: dict[str, Any],
    url: str,
    fields: dict[str, Any],
    expected: tuple[str, str | None, str | None],
) -> None:
    first = api("PATCH", f"{url}/finish", fields)
    status, reason, error = expected
    closed = {"status": status, "stoppingReason": reason, "error": error}
    assert (first.status, first.json) == (200, session | closed)
    again = api("PATCH", f"{url}/finish", fields)
    assert (again.status, again.text) == (200, first.text)
    assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Set stoppingReason, error, or both, to a non-empty string."),
        ({"stoppingReason": ""}, "Set stoppingReason"),
        ({"stoppingReason": "  ", "error": None}, "Set stoppingReason"),
        ({"stoppingReason": 7}, "stoppingReason: "),
        ({"error": ["a"]}, "error: "),
        (None, ""),
    ],
)
def test_finish_without_reason_is_rejected(
    api: Gateway, session: dict[str, Any], url: str, fields: Any, message: str
) -> None:
    answer = api("PATCH", f"{url}/finish", fields)
    assert answer.status == 400
    assert answer.json["message"].startswith(message)
    assert api("GET", url).json == session


@pytest.mark.parametrize(
    "other", [{"stoppingReason": "OTHER"}, {"error": "b"}, {"stoppingReason": "GOAL", "error": "b"}]
)
def test_finish_for_another_reason_is_rejected_until_reopened(
    api: Gateway, url: str, other: dict[str, str]
) -> None:
    api("PATCH", f"{url}/finish", {"stoppingReason": "GOAL"})
    assert api("PATCH", f"{url}/finish", other).status == 400
    assert api("GET", url).json["stoppingReason"] == "GOAL"
    api("PATCH", url, {"status": "PENDING", "stoppingReason": None})
    assert api("PATCH", f"{url}/finish", other).status == 200


def test_finish_adds_the_reason_to_an_imported_session(api: Gateway, world: World) -> None:
    imported = new_session(api, world.version, status="COMPLETED")
    answer = api("PATCH", f"/sessions/{imported['id']}/finish", {"stoppingReason": "DONE"})
    assert (answer.status, answer.json["stoppingReason"]) == (200, "DONE")


def test_concurrent_finishes_write_once(api: Gateway, url: str) -> None:
    answers = race(api, "PATCH", f"{url}/finish", {"stoppingReason": "GOAL"})
    assert {(answer.status, answer.text) for answer in answers} == {(200, answers[0].text)}
    assert answers[0].headers["etag"] == '"2"'


def test_deleted_session_is_not_found_with_its_turns(
    api: Gateway, world: World, session: dict[str, Any], url: str
) -> None:
    other = new_session(api, world.version)["id"]
    turn = new_turn(api, session["id"], input="Hello")["id"]
    with counted_requests() as requests:
        answer = api("DELETE", url, {"anything": 1})
    assert (answer.status, answer.text) == (204, "")
    assert requests == {"GetItem": 1, "TransactWriteItems": 1}
    for method, path, body in (
        ("GET", url, None),
        ("PATCH", url, {"error": "b"}),
        ("PATCH", f"{url}/finish", {"error": "b"}),
        ("DELETE", url, None),
        ("GET", f"/sessions?ids={session['id']}", None),
        ("GET", f"/inferenceResults/{turn}", None),
        ("PATCH", f"/inferenceResults/{turn}", {"error": "b"}),
        ("DELETE", f"/inferenceResults/{turn}", None),
        ("GET", f"/inferenceResults?ids={turn}", None),
        ("POST", "/inferenceResults", {"sessionId": session["id"]}),
        ("DELETE", "/sessions/batch", {"ids": [other, session["id"]]}),
    ):
        assert api(method, path, body).status == 404, path
    assert ids(api, "/sessions") == ids(api, f"/sessions?versionIds={world.version}") == [other]
    assert ids(api, f"/inferenceResults?sessionIds={session['id']}") == []
    assert ids(api, "/sessions?customIds=a") == []
    assert new_session(api, world.version, customId="a")["customId"] == "a"


def test_concurrent_deletes_and_creates_leave_one_owner_of_the_custom_id(
    api: Gateway, world: World, url: str
) -> None:
    answers = race(api, "DELETE", url, clients=10)
    assert sorted(answer.status for answer in answers) == [204] + [404] * 9
    body = {"versionId": world.version, "customId": "a"}
    created = race(api, "POST", "/sessions", body, clients=10)
    assert sorted(answer.status for answer in created) == [201] + [400] * 9
    assert len(ids(api, "/sessions?customIds=a")) == 1


def test_batch_delete_deletes_all_sessions(
    api: Gateway, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_deletion, "_TOGETHER", 2)
    created = [new_session(api, world.version, customId=name)["id"] for name in "abc"]
    with counted_requests() as requests:
        answer = api("DELETE", "/sessions/batch", {"ids": [*created, created[0]]})
    assert (answer.status, answer.text) == (204, "")
    assert requests == {"BatchGetItem": 1, "TransactWriteItems": 2}
    assert ids(api, "/sessions") == []
    assert new_session(api, world.version, customId="a")["customId"] == "a"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"ids": ["$known", "session_" + "0" * 32]}, 404),
        ({"ids": ["$known", "nonsense"]}, 404),
        ({"ids": ["nonsense"] * 101}, 400),
        ({"ids": []}, 400),
        ({"ids": "nonsense"}, 400),
        ({"ids": [7]}, 400),
        ({}, 400),
    ],
)
def test_invalid_batch_delete_deletes_nothing(
    api: Gateway, session: dict[str, Any], body: dict[str, Any], status: int
) -> None:
    if isinstance(body.get("ids"), list):
        body = {"ids": [session["id"] if one == "$known" else one for one in body["ids"]]}
    answer = api("DELETE", "/sessions/batch", body)
    assert answer.status == status
    assert answer.json["message"].startswith("ids")
    assert ids(api, "/sessions") == [session["id"]]


def test_concurrent_batch_deletes_delete_once(api: Gateway, world: World) -> None:
    created = [new_session(api, world.version)["id"] for _ in range(3)]
    answers = race(api, "DELETE", "/sessions/batch", {"ids": created}, clients=5)
    assert sorted(answer.status for answer in answers) == [204] + [404] * 4
