"""Evaluation sessions through the API: finished, deleted, deleted together."""

from typing import Any

import pytest

from shared.evaluations import session_removal
from tests.support.evaluations import World, ids, new_session, new_turn
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
    ("told", "expected"),
    [
        ({"stoppingReason": "GOAL"}, ("COMPLETED", "GOAL", None)),
        ({"error": "cut off"}, ("FAILED", None, "cut off")),
        ({"stoppingReason": "GOAL", "error": "cut off"}, ("FAILED", "GOAL", "cut off")),
        ({"stoppingReason": "GOAL", "error": ""}, ("COMPLETED", "GOAL", None)),
    ],
)
def test_given_a_reason_or_an_error_when_finished_then_the_session_is_closed(
    api: Gateway,
    session: dict[str, Any],
    told: dict[str, Any],
    expected: tuple[str, str | None, str | None],
) -> None:
    first = api("PATCH", _url(session) + "/finish", told)
    status, reason, error = expected
    closed = {"status": status, "stoppingReason": reason, "error": error}
    assert (first.status, first.json) == (200, session | closed)
    again = api("PATCH", _url(session) + "/finish", told)
    assert (again.status, again.text) == (200, first.text)
    assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ({}, "stoppingReason: "),
        ({"stoppingReason": ""}, "stoppingReason: "),
        ({"stoppingReason": "  ", "error": None}, "stoppingReason: "),
        ({"stoppingReason": 7}, "stoppingReason: "),
        ({"error": ["a"]}, "error: "),
        (None, ""),
    ],
)
def test_given_no_reason_when_finished_then_it_is_refused(
    api: Gateway, session: dict[str, Any], told: Any, names: str
) -> None:
    answer = api("PATCH", _url(session) + "/finish", told)
    assert answer.status == 400
    assert answer.json["message"].startswith(names)
    assert api("GET", _url(session)).json == session


@pytest.mark.parametrize(
    "other",
    [
        {"stoppingReason": "OTHER"},
        {"error": "b"},
        {"stoppingReason": "GOAL", "error": "b"},
    ],
)
def test_given_a_finished_session_when_finished_otherwise_then_it_is_refused(
    api: Gateway, session: dict[str, Any], other: dict[str, str]
) -> None:
    api("PATCH", _url(session) + "/finish", {"stoppingReason": "GOAL"})
    assert api("PATCH", _url(session) + "/finish", other).status == 400
    assert api("GET", _url(session)).json["stoppingReason"] == "GOAL"
    api("PATCH", _url(session), {"status": "PENDING", "stoppingReason": None})
    assert api("PATCH", _url(session) + "/finish", other).status == 200


def test_given_an_imported_session_when_finished_then_it_takes_the_reason(
    api: Gateway, world: World
) -> None:
    imported = new_session(api, world.version, status="COMPLETED")
    answer = api("PATCH", _url(imported) + "/finish", {"stoppingReason": "DONE"})
    assert (answer.status, answer.json["stoppingReason"]) == (200, "DONE")


def test_given_two_ways_to_finish_when_they_race_then_one_holds(
    api: Gateway, session: dict[str, Any]
) -> None:
    answers = race(api, "PATCH", _url(session) + "/finish", {"stoppingReason": "GOAL"})
    assert {(answer.status, answer.text) for answer in answers} == {(200, answers[0].text)}
    assert answers[0].headers["etag"] == '"2"'


def test_given_a_deleted_session_when_asked_for_then_nothing_of_it_is_there(
    api: Gateway, world: World, session: dict[str, Any]
) -> None:
    kept = new_session(api, world.version)["id"]
    turn = new_turn(api, session["id"], input="Hello")["id"]
    with counted_requests() as requests:
        answer = api("DELETE", _url(session), {"anything": 1})
    assert (answer.status, answer.text) == (204, "")
    assert requests == {"GetItem": 1, "TransactWriteItems": 1}
    for method, url, body in (
        ("GET", _url(session), None),
        ("PATCH", _url(session), {"error": "b"}),
        ("PATCH", _url(session) + "/finish", {"error": "b"}),
        ("DELETE", _url(session), None),
        ("GET", f"/sessions?ids={session['id']}", None),
        ("GET", f"/inferenceResults/{turn}", None),
        ("PATCH", f"/inferenceResults/{turn}", {"error": "b"}),
        ("DELETE", f"/inferenceResults/{turn}", None),
        ("GET", f"/inferenceResults?ids={turn}", None),
        ("POST", "/inferenceResults", {"sessionId": session["id"]}),
        ("DELETE", "/sessions/batch", {"ids": [kept, session["id"]]}),
    ):
        assert api(method, url, body).status == 404, url
    assert ids(api, "/sessions") == ids(api, f"/sessions?versionIds={world.version}") == [kept]
    assert ids(api, f"/inferenceResults?sessionIds={session['id']}") == []
    assert ids(api, "/sessions?customIds=a") == []
    assert new_session(api, world.version, customId="a")["customId"] == "a"


def test_given_one_custom_id_when_deleted_and_opened_at_once_then_it_is_never_held_twice(
    api: Gateway, world: World, session: dict[str, Any]
) -> None:
    answers = race(api, "DELETE", _url(session), clients=10)
    assert sorted(answer.status for answer in answers) == [204] + [404] * 9
    body = {"versionId": world.version, "customId": "a"}
    opened = race(api, "POST", "/sessions", body, clients=10)
    assert sorted(answer.status for answer in opened) == [201] + [400] * 9
    assert len(ids(api, "/sessions?customIds=a")) == 1


def test_given_sessions_when_deleted_together_then_all_are_gone(
    api: Gateway, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_removal, "_TOGETHER", 2)
    opened = [new_session(api, world.version, customId=name)["id"] for name in "abc"]
    with counted_requests() as requests:
        answer = api("DELETE", "/sessions/batch", {"ids": [*opened, opened[0]]})
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
def test_given_a_bad_batch_when_deleted_then_none_is_gone(
    api: Gateway, session: dict[str, Any], body: dict[str, Any], status: int
) -> None:
    if isinstance(body.get("ids"), list):
        body = {"ids": [session["id"] if one == "$known" else one for one in body["ids"]]}
    answer = api("DELETE", "/sessions/batch", body)
    assert answer.status == status
    assert answer.json["message"].startswith("ids")
    assert ids(api, "/sessions") == [session["id"]]


def test_given_two_batches_with_one_session_when_they_race_then_one_deletes(
    api: Gateway, world: World
) -> None:
    opened = [new_session(api, world.version)["id"] for _ in range(3)]
    answers = race(api, "DELETE", "/sessions/batch", {"ids": opened}, clients=5)
    assert sorted(answer.status for answer in answers) == [204] + [404] * 4
