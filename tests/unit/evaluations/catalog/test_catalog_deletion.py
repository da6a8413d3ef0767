"""Deletion of catalog entities: only without children, also in a race."""

from contextlib import ExitStack
from typing import Any

import pytest

from shared.evaluations.catalog import children
from shared.evaluations.catalog.children import ChildFinder
from shared.evaluations.sessions.domain import NewSession
from shared.evaluations.sessions.wiring import sessions
from shared.storage.lists import ListQuery, merged
from shared.storage.table import table
from tests.support.contention import conflicting_transactions
from tests.support.evaluations import World, ids, new_entity, new_session
from tests.support.gateway import Gateway
from tests.support.racing import race, race_of
from tests.support.storage import counted_requests
from tests.support.watch import running
from tests.unit.evaluations.catalog.conftest import url_of

CHILDREN = {
    "/products": ["versions {version}", "tests {test}"],
    "/versions": ["sessions {session}"],
    "/tests": ["test cases {test_case}"],
    "/testCases": ["sessions {session}"],
}


@pytest.fixture
def version(api: Gateway, world: World) -> str:
    """The id of a version that never had a session."""
    return str(new_entity(api, "/versions", productId=world.product)["id"])


def test_delete_with_children_is_rejected_and_names_them(
    api: Gateway, world: World, path: str
) -> None:
    session = new_session(api, world.version, testCaseId=world.test_case)["id"]
    answer = api("DELETE", url_of(world, path))
    assert (answer.status, answer.json["message"][:4]) == (400, "id: ")
    for child in CHILDREN[path]:
        assert child.format(session=session, **vars(world)) in answer.json["message"]
    assert api("GET", url_of(world, path)).status == 200


def test_deleted_children_allow_to_delete_their_parents(api: Gateway, world: World) -> None:
    session = new_session(api, world.version, testCaseId=world.test_case)["id"]
    assert api("DELETE", f"/sessions/{session}").status == 204
    for path in ("/testCases", "/tests", "/versions", "/products"):
        url = url_of(world, path)
        answer = api("DELETE", url)
        assert (answer.status, answer.text) == (204, ""), path
        assert api("GET", url).status == 404
        assert api("PATCH", url, {}).status == 404
        assert api("DELETE", url).status == 404
        assert ids(api, path) == []
        assert api("GET", f"{path}?ids={url.split('/')[-1]}").status == 404
    for path, body in (
        ("/sessions", {"versionId": world.version}),
        ("/versions", {"productId": world.product}),
        ("/tests", {"productId": world.product, "name": "a"}),
        ("/testCases", {"testId": world.test}),
    ):
        assert api("POST", path, body).status == 404


def test_delete_of_entity_that_never_had_children_costs_one_read_and_one_write(
    api: Gateway, version: str
) -> None:
    with counted_requests() as requests:
        assert api("DELETE", f"/versions/{version}").status == 204
    assert requests == {"GetItem": 1, "PutItem": 1}


def test_first_child_prevents_delete_before_an_index_shows_it(
    api: Gateway, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = new_session(api, world.version)["id"]
    monkeypatch.setattr(children, "merged", lambda *_: iter(()))
    for path, child in (("/versions", session), ("/products", world.version)):
        answer = api("DELETE", url_of(world, path))
        assert (answer.status, child in answer.json["message"]) == (400, True)


def test_child_created_before_the_last_look_up_prevents_delete(
    api: Gateway, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = new_session(api, world.version)["id"]
    api("DELETE", f"/sessions/{old}")
    read: list[ListQuery] = []

    def create_before_second_read(table: Any, queries: Any, limit: int) -> Any:
        if len(read) == 1:
            new = NewSession(version_id=world.version)
            with running("CreateEvaluationSessionFunction"):
                sessions().create(api.organization_id, api.key_id, new)
        read.extend(queries)
        return merged(table, queries, limit)

    monkeypatch.setattr(children, "merged", create_before_second_read)
    assert api("DELETE", f"/versions/{world.version}").status == 400
    assert api("GET", f"/versions/{world.version}").status == 200
    assert len(ids(api, f"/sessions?versionIds={world.version}")) == 1


def test_concurrent_first_children_are_all_created(api: Gateway, world: World) -> None:
    product = new_entity(api, "/products", name="Bank")["id"]
    answers = race(api, "POST", "/versions", {"productId": product, "name": "a"})
    assert {answer.status for answer in answers} == {201}
    assert len(ids(api, f"/versions?productIds={product}")) == 20


def test_concurrent_deletes_delete_once(api: Gateway, version: str) -> None:
    answers = race(api, "DELETE", f"/versions/{version}")
    assert sorted(answer.status for answer in answers) == [204] + [404] * 19


@pytest.mark.parametrize(("creates", "deletes"), [(10, 10), (5, 1), (6, 1), (7, 1), (8, 1), (9, 1)])
def test_concurrent_first_children_and_deletes_leave_no_orphan(
    api: Gateway, version: str, creates: int, deletes: int
) -> None:
    create = ("POST", "/sessions", {"versionId": version})
    answers = race_of(
        api, [create] * creates + [("DELETE", f"/versions/{version}", None)] * deletes
    )
    created = [answer.status for answer in answers[:creates]]
    deleted = [answer.status for answer in answers[creates:]]
    left = ids(api, f"/sessions?versionIds={version}")
    if 204 in deleted:
        assert sorted(deleted) == [204] + [404] * (deletes - 1)
        assert (created, left) == ([404] * creates, [])
        assert api("GET", f"/versions/{version}").status == 404
    else:
        assert deleted == [400] * deletes
        assert (created, len(left)) == ([201] * creates, creates)


def test_concurrent_later_children_and_deletes_do_not_fail(api: Gateway, version: str) -> None:
    api("DELETE", f"/sessions/{new_session(api, version)['id']}")
    create = ("POST", "/sessions", {"versionId": version})
    answers = race_of(api, [create, ("DELETE", f"/versions/{version}", None)] * 10)
    assert {answer.status for answer in answers[::2]} <= {201, 404}
    assert {answer.status for answer in answers[1::2]} <= {204, 400, 404}


def test_delete_interrupted_by_a_transaction_restores_the_first_child(
    api: Gateway, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session is seen at the last look-up only, and another transaction is there then."""
    table().sleep = lambda _: None
    session = new_session(api, world.version)["id"]
    find, looks = ChildFinder.find, iter([0, 1])
    with ExitStack() as stack:

        def find_late(finder: ChildFinder, entity: Any) -> list[str]:
            match next(looks, None) if entity.first_child else None:
                case 0:
                    return []
                case 1:
                    stack.enter_context(conflicting_transactions(times=1))
            return find(finder, entity)

        monkeypatch.setattr(ChildFinder, "find", find_late)
        answer = api("DELETE", f"/versions/{world.version}")
    again = api("DELETE", f"/versions/{world.version}")
    for rejected in (answer, again):
        assert (rejected.status, session in rejected.json["message"]) == (400, True)
    assert next(looks, None) is None
