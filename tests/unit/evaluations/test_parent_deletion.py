"""Products, versions, tests and test cases: deleted where nothing stands below, also in a race."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from shared.core.errors import InvalidInput, NotFound
from shared.evaluations import service
from shared.evaluations.models import NewSession
from shared.evaluations.offspring import Children, Offspring
from shared.evaluations.parent_documents import VERSIONS
from shared.storage.lists import ListQuery, merged
from shared.storage.table import table
from tests.support.contention import held
from tests.support.evaluations import World, ids, made, new_session
from tests.support.gateway import Gateway
from tests.support.racing import race, race_of
from tests.support.storage import counted_requests
from tests.support.threads import at_once


def _url(world: World, path: str) -> str:
    field = {"/versions": "version", "/tests": "test", "/testCases": "test_case"}
    return f"{path}/{getattr(world, field.get(path, 'product'))}"


@pytest.mark.parametrize(
    ("path", "children"),
    [
        ("/products", ["versions {version}", "tests {test}"]),
        ("/versions", ["sessions {session}"]),
        ("/tests", ["test cases {test_case}"]),
        ("/testCases", ["sessions {session}"]),
    ],
)
def test_given_children_when_deleted_then_it_is_refused_and_names_them(
    api: Gateway, world: World, path: str, children: list[str]
) -> None:
    session = new_session(api, world.version, testCaseId=world.test_case)["id"]
    answer = api("DELETE", _url(world, path))
    assert (answer.status, answer.json["message"][:4]) == (400, "id: ")
    for child in children:
        known = child.format(
            session=session, version=world.version, test=world.test, test_case=world.test_case
        )
        assert known in answer.json["message"]
    assert api("GET", _url(world, path)).status == 200


def test_given_no_children_any_more_when_deleted_upwards_then_all_are_gone(
    api: Gateway, world: World
) -> None:
    session = new_session(api, world.version, testCaseId=world.test_case)["id"]
    assert api("DELETE", f"/sessions/{session}").status == 204
    for path in ("/testCases", "/tests", "/versions", "/products"):
        answer = api("DELETE", _url(world, path))
        assert (answer.status, answer.text) == (204, ""), path
        assert api("GET", _url(world, path)).status == 404
        assert api("PATCH", _url(world, path), {}).status == 404
        assert api("DELETE", _url(world, path)).status == 404
        assert ids(api, path) == []
        assert api("GET", f"{path}?ids={_url(world, path).split('/')[-1]}").status == 404
    for path, body in (
        ("/sessions", {"versionId": world.version}),
        ("/versions", {"productId": world.product}),
        ("/tests", {"productId": world.product, "name": "a"}),
        ("/testCases", {"testId": world.test}),
    ):
        assert api("POST", path, body).status == 404


def test_given_no_child_ever_when_deleted_then_it_costs_one_read_and_one_write(
    api: Gateway, world: World
) -> None:
    version = made(api, "/versions", productId=world.product)["id"]
    with counted_requests() as requests:
        assert api("DELETE", f"/versions/{version}").status == 204
    assert requests == {"GetItem": 1, "PutItem": 1}


def test_given_an_index_that_lags_when_deleted_then_the_first_child_is_seen(
    api: Gateway, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given an only child that no index shows yet, then its parent is not deleted."""
    session = new_session(api, world.version)["id"]

    def nothing_yet(*_: Any) -> Iterator[Any]:
        return iter(())

    monkeypatch.setattr("shared.evaluations.offspring.merged", nothing_yet)
    for path, child in (("/versions", session), ("/products", world.version)):
        answer = api("DELETE", _url(world, path))
        assert (answer.status, child in answer.json["message"]) == (400, True)


def test_given_a_child_that_comes_before_the_last_look_then_its_parent_stays(
    api: Gateway, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a version that had a session, and a new one while it is being deleted."""
    old = new_session(api, world.version)["id"]
    api("DELETE", f"/sessions/{old}")
    asked: list[ListQuery] = []

    def comes_late(table: Any, queries: Any, wanted: int) -> Any:
        if len(asked) == 1:
            asked_for = NewSession(version_id=world.version)
            service.sessions().create(api.organization_id, api.key_id, asked_for)
        asked.extend(queries)
        return merged(table, queries, wanted)

    monkeypatch.setattr("shared.evaluations.offspring.merged", comes_late)
    assert api("DELETE", f"/versions/{world.version}").status == 400
    assert api("GET", f"/versions/{world.version}").status == 200
    assert len(ids(api, f"/sessions?versionIds={world.version}")) == 1


@pytest.mark.parametrize("round_", range(5))
def test_given_first_sessions_and_a_deletion_when_they_race_then_no_session_is_orphaned(
    api: Gateway, world: World, round_: int
) -> None:
    version = made(api, "/versions", productId=world.product)["id"]

    def client(number: int) -> int:
        sessions, parents = service.sessions(), service.parents()
        try:
            if number == 3:
                parents.delete(VERSIONS, api.organization_id, version)
            else:
                asked = NewSession(version_id=version)
                sessions.create(api.organization_id, api.key_id, asked)
        except NotFound:
            return 404
        except InvalidInput:
            return 400
        return 200

    outcomes = at_once(6, client)
    opened = [outcome for number, outcome in enumerate(outcomes) if number != 3]
    if outcomes[3] == 200:
        assert opened == [404] * 5
        assert api("GET", f"/versions/{version}").status == 404
    else:
        assert opened == [200] * 5
        assert len(ids(api, f"/sessions?versionIds={version}")) == 5


def test_given_20_first_children_when_they_race_then_all_are_made(
    api: Gateway, world: World
) -> None:
    product = made(api, "/products", name="Bank")["id"]
    answers = race(api, "POST", "/versions", {"productId": product, "name": "a"})
    assert {answer.status for answer in answers} == {201}
    assert len(ids(api, f"/versions?productIds={product}")) == 20


def test_given_20_deletions_when_they_race_then_one_deletes(api: Gateway, world: World) -> None:
    version = made(api, "/versions", productId=world.product)["id"]
    answers = race(api, "DELETE", f"/versions/{version}")
    assert sorted(answer.status for answer in answers) == [204] + [404] * 19


def test_given_20_first_children_and_deletions_when_they_race_then_each_hears_what_became_of_it(
    api: Gateway, world: World
) -> None:
    version = made(api, "/versions", productId=world.product)["id"]
    create = ("POST", "/sessions", {"versionId": version})
    answers = race_of(api, [create, ("DELETE", f"/versions/{version}", None)] * 10)
    created = [answer.status for answer in answers[::2]]
    deleted = [answer.status for answer in answers[1::2]]
    left = ids(api, f"/sessions?versionIds={version}")
    if 204 in deleted:
        assert sorted(deleted) == [204] + [404] * 9
        assert (created, left) == ([404] * 10, [])
    else:
        assert deleted == [400] * 10
        assert (created, len(left)) == ([201] * 10, 10)


def test_given_a_version_that_had_a_child_when_children_and_deletions_race_then_none_is_a_fault(
    api: Gateway, world: World
) -> None:
    version = made(api, "/versions", productId=world.product)["id"]
    api("DELETE", f"/sessions/{new_session(api, version)['id']}")
    create = ("POST", "/sessions", {"versionId": version})
    answers = race_of(api, [create, ("DELETE", f"/versions/{version}", None)] * 10)
    assert {answer.status for answer in answers[::2]} <= {201, 404}
    assert {answer.status for answer in answers[1::2]} <= {204, 400, 404}


def test_given_another_writer_when_the_mark_of_a_first_child_goes_back_then_the_parent_stays(
    api: Gateway, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a version whose sessions are seen only at the last look, and that is held then."""
    table().sleep = lambda _: None
    session = new_session(api, world.version)["id"]
    real, looks = Offspring.of, iter([0, 1])
    with ExitStack() as stack:

        def seen_late(offspring: Offspring, kept: Any) -> list[Children]:
            match next(looks, None) if kept.entity.first_child else None:
                case 0:
                    return []
                case 1:
                    stack.enter_context(held(times=1))
            return real(offspring, kept)

        monkeypatch.setattr(Offspring, "of", seen_late)
        answer = api("DELETE", f"/versions/{world.version}")
    again = api("DELETE", f"/versions/{world.version}")
    for refused in (answer, again):
        assert (refused.status, session in refused.json["message"]) == (400, True)
    assert next(looks, None) is None


def test_given_an_idempotency_key_when_the_first_child_is_repeated_then_it_is_one(
    api: Gateway, world: World
) -> None:
    product = made(api, "/products", name="Bank")["id"]
    body = {"productId": product, "name": "a"}
    key = {"idempotency-key": "k"}
    first, second = (api("POST", "/versions", body, headers=key) for _ in range(2))
    other = api("POST", "/versions", {**body, "name": "b"}, headers=key)
    assert (first.status, second.text) == (201, first.text)
    assert second.headers["idempotent-replayed"] == "true"
    assert other.status == 422
    assert api("DELETE", f"/versions/{first.json['id']}").status == 204
    assert api("DELETE", f"/products/{product}").status == 204
    replayed = api("POST", "/versions", body, headers=key)
    assert (replayed.status, replayed.text) == (201, first.text)
