"""The write path: one rule for every repeated create, whatever it creates.

Within 30 days the same ``Idempotency-Key`` and payload return the first answer, byte for byte,
whatever happened to the entity and to what it was made from; after a delete of the entity they
return 409 ``deleted``; another payload under the key returns 422.
"""

import importlib
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from functions.triggers import purge_sessions
from shared.http.conditions import IdempotencyKey
from tests.support.clocks import move_clock
from tests.support.creates import (
    CASES,
    CREATES_NOTHING,
    KEYED_WITHOUT_ENTITY,
    CreateCase,
    Ids,
    Step,
    assert_refused_as_deleted,
    request_of,
    run,
)
from tests.support.gateway import Answer, Gateway
from tests.support.imports import known
from tests.support.racing import race
from tests.support.snapshot import Snapshot, stored_items
from tests.support.template import functions, routes

#: Every repeat that is promised the first answer, or its refusal, gets it for this long.
REMEMBERED = timedelta(days=29, hours=23)
#: All POST routes of the template, with the modules of their functions.
POSTS = {
    f"POST {route.path}": functions()[route.function]["Handler"].rpartition(".")[0]
    for route in routes()
    if route.method == "post"
}

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


def each(name: str, choices: Callable[[CreateCase], dict[str, Any]]) -> pytest.MarkDecorator:
    """Run a test once for each of a case's choices."""
    return pytest.mark.parametrize(
        ("case", name),
        [
            pytest.param(case, choice, id=f"{case.id} - {label}")
            for case in CASES
            for label, choice in choices(case).items()
        ],
    )


def deletions(case: CreateCase) -> dict[str, Callable[[Gateway, Ids], None]]:
    def delete(api: Gateway, ids: Ids, *before: Step, way: Step = case.deletes[-1]) -> None:
        for step in (*before, way):
            run(api, step, ids)

    def delete_and_purge(api: Gateway, ids: Ids) -> None:
        delete(api, ids)
        session, organization = case.session.format_map(ids), str(api.organization_id)
        detail = {"organization_id": organization, "session_id": session}
        purge_sessions.handler({"detail": detail}, None)

    ways: dict[str, Any] = {step.route: partial(delete, way=step) for step in case.deletes}
    if case.changes:
        ways["changed before"] = lambda api, ids: delete(api, ids, case.changes[0])
    if case.given:
        ways["with what it was made from"] = case.delete_with_parents
    if case.session:
        ways["with its session purged"] = delete_and_purge
    return ways


@pytest.fixture
def api(api: Gateway) -> Gateway:
    """The API of an organization that is stored, as its API keys need."""
    return known(api)


def created(case: CreateCase, api: Gateway) -> tuple[Ids, Answer]:
    """Create a case's entity for the first time."""
    ids = case.prepare(api)
    first = case.create(api, ids)
    assert first.status == case.status, first.text
    assert "idempotent-replayed" not in first.headers
    return ids, first


def content(answer: Answer) -> tuple[Any, ...]:
    headers = (answer.headers.get(name) for name in ("etag", "content-type"))
    return answer.status, answer.text, *headers


def assert_first_answer(again: Answer, first: Answer) -> None:
    assert content(again) == content(first)
    assert again.headers.get("idempotent-replayed") == "true"


# ----------------------------------------------------------------------------- the route table
def test_every_post_route_has_a_case_or_a_reason_to_have_none() -> None:
    covered = {case.route for case in CASES}
    assert not covered & CREATES_NOTHING.keys()
    assert POSTS.keys() == covered | CREATES_NOTHING.keys() | KEYED_WITHOUT_ENTITY.keys()


@pytest.mark.parametrize("route", sorted(POSTS))
def test_only_creating_routes_read_the_idempotency_key(route: str) -> None:
    [expected] = [part.dependency for part in IdempotencyKey.__metadata__]  # type: ignore[attr-defined]  # of Annotated

    def depends(dependant: Dependant) -> bool:
        return dependant.call is expected or any(map(depends, dependant.dependencies))

    router = importlib.import_module(f"functions.{POSTS[route]}").router
    [found] = [one for one in router.routes if isinstance(one, APIRoute)]
    assert depends(found.dependant) == (route not in CREATES_NOTHING)


# ------------------------------------------------------------------------ the kinds of repeats
@each("origin", lambda case: {"unchanged": None} | {step.route: step for step in case.origins})
def test_repeated_create_returns_first_answer(
    api: Gateway, case: CreateCase, origin: Step | None
) -> None:
    ids, first = created(case, api)
    if origin:
        run(api, origin, ids)
    before = stored_items()

    again = case.create(api, ids)

    assert_first_answer(again, first)
    assert stored_items() == before


@each("changes", lambda case: {"changed": case.changes} if case.changes else {})
def test_repeat_after_change_returns_first_answer(
    api: Gateway, case: CreateCase, changes: tuple[Step, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    ids, first = created(case, api)
    shown = case.shown(api, ids)
    for step in changes:
        run(api, step, ids)
    assert case.shown(api, ids).text != shown.text
    before = stored_items()

    assert_first_answer(case.create(api, ids), first)

    assert stored_items() == before
    move_clock(monkeypatch, REMEMBERED)
    assert_first_answer(case.create(api, ids), first)


@each("delete", deletions)
def test_repeat_after_delete_is_refused(
    api: Gateway,
    case: CreateCase,
    delete: Callable[[Gateway, Ids], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids, _ = created(case, api)
    delete(api, ids)
    gone, before = case.shown(api, ids), stored_items()
    assert gone.status == case.read_after_delete

    assert_refused_as_deleted(case.create(api, ids))

    assert content(case.shown(api, ids)) == content(gone)
    assert stored_items() == before
    move_clock(monkeypatch, REMEMBERED)
    assert_refused_as_deleted(case.create(api, ids))


@every_case
def test_other_payload_under_the_key_is_refused(api: Gateway, case: CreateCase) -> None:
    ids, first = created(case, api)
    before, shown = stored_items(), case.shown(api, ids)

    answer = case.create(api, ids, case.other)

    assert answer.status == 422, answer.text
    if answer.json.keys() == {"error"}:
        assert "Idempotency-Key" in answer.json["error"]
    else:
        assert answer.json["error"] == "idempotency_key_reused"
    assert stored_items() == before
    assert content(case.shown(api, ids)) == content(shown)
    assert_first_answer(case.create(api, ids), first)


@every_case
def test_concurrent_creates_with_same_key_create_one_entity(
    api: Gateway, other_api: Gateway, case: CreateCase
) -> None:
    created(case, known(other_api))
    ids = case.prepare(api)

    request = request_of(case.route, case.body, ids)
    answers = race(api, *request, headers={"idempotency-key": "k"})

    assert answers[0].status == case.status, answers[0].text
    assert {content(answer) for answer in answers} == {content(answers[0])}
    replayed = [answer.headers.get("idempotent-replayed") for answer in answers]
    assert sorted(replayed, key=str) == [None] + ["true"] * (len(answers) - 1)
    # As much is stored as by one create in another organization.
    assert _types(stored_items(), api) == _types(stored_items(), other_api)


def _types(items: Snapshot, api: Gateway) -> Counter[str]:
    """Return the number of an organization's items by type; of counters, their sum."""
    owner = str(api.organization_id)
    types: Counter[str] = Counter()
    for (partition, _), item in items.items():
        if partition.startswith(owner):
            # Two entities may be counted in one item or in two.
            types[item["type"]["S"]] += int(item["amount"]["N"]) if "amount" in item else 1
    return types
