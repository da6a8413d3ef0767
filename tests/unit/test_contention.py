"""Contention: writes wait for concurrent writers in short pauses, and give up with a conflict.

The pauses are counted, not slept, and the tries are fewer than in production.
"""

from typing import Any

import pytest

from shared.core.backoff import Backoff
from shared.core.errors import CONCURRENTLY_MODIFIED, PreconditionFailed
from shared.sessions.store import SessionStore
from shared.storage import contention, transactions
from shared.storage.table import table
from tests.support.contention import concurrent_changes, conflicting_transactions
from tests.support.creates import CASES, CreateCase, Step, run
from tests.support.evaluations import new_session, new_world
from tests.support.gateway import Answer, Gateway
from tests.support.imports import body_of, deliver, known
from tests.unit.triggers.captured import EVALUATION, TALK

TRIES = 5
#: Creates of a first child, which is recorded in its parent.
CHILDREN = [case for case in CASES if case.id in ("POST /versions", "POST /sessions")]


@pytest.fixture
def pauses(api: Gateway, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that would have been waited."""
    for module in (contention, transactions):
        monkeypatch.setattr(module, "CONTENTION", Backoff(tries=TRIES, first=1, longest=1))
    waited: list[float] = []
    table().sleep = waited.append
    return waited


def assert_given_up(answer: Answer, met: list[str], pauses: list[float]) -> None:
    assert (answer.status, len(met), len(pauses)) == (409, TRIES, TRIES - 1), answer.text
    assert CONCURRENTLY_MODIFIED in answer.text
    pauses.clear()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_write_waits_for_other_transactions_and_gives_up(
    api: Gateway, pauses: list[float], case: CreateCase
) -> None:
    ids = case.prepare(known(api))
    parents = [step.deletion for step in reversed(case.given) if step.makes]
    create = Step(case.route, case.body)
    for step in (create, *case.changes, *case.origins[:1], case.deletes[0], *parents):

        def request(step: Step = step) -> Answer:
            return case.create(api, ids) if step is create else run(api, step, ids, may_fail=True)

        with conflicting_transactions() as met:
            answer = request()
        if step in parents and answer.status == 404:
            continue  # deleted with the entity, or as its origin
        assert_given_up(answer, met, pauses)
        with conflicting_transactions(times=3) as met:
            answer = request()
        assert 200 <= answer.status < 300, answer.text
        assert len(met) == len(pauses) == 3
        pauses.clear()


@pytest.mark.parametrize("case", CHILDREN, ids=lambda case: case.id)
def test_create_whose_parent_is_always_overtaken_gives_up(
    api: Gateway, pauses: list[float], case: CreateCase
) -> None:
    ids = case.prepare(api)
    with concurrent_changes() as met:
        answer = case.create(api, ids)
    assert_given_up(answer, met, pauses)
    assert case.create(api, ids).status == 201


def test_imported_session_whose_version_is_overtaken_is_delivered_again(
    api: Gateway, pauses: list[float]
) -> None:
    body = body_of(known(api).organization_id, EVALUATION, TALK)
    versions = api("GET", "/versions").json
    with concurrent_changes(times=3) as met:
        assert deliver(body) == []
    assert len(met) == len(pauses) == 3
    other = body_of(api.organization_id, EVALUATION, TALK | {"id": "another"}, name="april")
    with concurrent_changes():
        assert deliver(other) == ["0"]
    assert deliver(other) == []
    assert (versions, len(api("GET", "/versions").json)) == ([], 2)


def test_simulated_user_whose_session_is_always_overtaken_gives_up(
    api: Gateway, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = new_world(api)
    session = new_session(api, world.version, testCaseId=world.test_case)["id"]
    tried: list[str] = []

    def overtake(store: Any, organization_id: Any, session_id: Any, *_: Any, **__: Any) -> Any:
        tried.append(str(session_id))
        raise PreconditionFailed

    monkeypatch.setattr(SessionStore, "append", overtake)
    url = "/conversationSimulator/generateNextUserMessage"
    answer = api("POST", url, {"sessionId": session, "maxTurns": None})
    assert_given_up(answer, tried, pauses)
    assert set(tried) == {session}
