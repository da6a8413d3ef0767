"""Writes that meet other writers: waited for in short pauses, and given up with a word.

The pauses are counted and not slept. Where others never leave, a change or a deletion answers
409; a create, which would have been carried out at any other moment, 503 and when to come back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from shared.core.backoff import CROWDED
from shared.core.errors import PreconditionFailed
from shared.sessions.store import SessionStore
from shared.storage.table import table
from tests.support.agents import new_agent
from tests.support.contention import held, overtaken
from tests.support.evaluations import made, new_session, new_world
from tests.support.gateway import Answer, Gateway
from tests.support.imports import body_of, handed_over, known
from tests.support.scenarios import new_scenario
from tests.unit.identity.keys_api import KEYS
from tests.unit.triggers.captured import EVALUATION, TALK
from tests.unit.workflows.steps import a_revision, a_workflow

MATCH = {"if-match": '"1"'}
KEY = {"idempotency-key": "k"}


@dataclass(frozen=True)
class Write:
    """A request that writes, and what it answers in the end."""

    send: Callable[[], Answer]
    status: int
    given_up: int


@pytest.fixture
def pauses(api: Gateway) -> list[float]:
    """The seconds that would have been waited."""
    waited: list[float] = []
    table().sleep = waited.append
    return waited


def _agent(api: Gateway, method: str, body: Any = None, **headers: str) -> Callable[[], Answer]:
    agent = new_agent(api)["id"]
    return lambda: api(method, f"/v1/agents/{agent}", body, headers=headers)


def _version(api: Gateway, method: str, body: Any = None, **headers: str) -> Callable[[], Answer]:
    """Write to a version that has had a session."""
    version = new_world(api).version
    session = new_session(api, version)["id"]
    api("DELETE", f"/sessions/{session}")
    return lambda: api(method, f"/versions/{version}", body, headers=headers)


def _first_version(api: Gateway) -> Callable[[], Answer]:
    product = made(api, "/products", name="Bank")["id"]
    return lambda: api("POST", "/versions", {"productId": product})


def _first_session(api: Gateway) -> Callable[[], Answer]:
    product = made(api, "/products", name="Bank")["id"]
    version = made(api, "/versions", productId=product)["id"]
    return lambda: api("POST", "/sessions", {"versionId": version})


def _workflow(api: Gateway) -> Callable[[], Answer]:
    workflow = a_workflow(api)
    return lambda: api("PUT", f"/v1/workflows/{workflow}", {"name": "b"})


def _revision(api: Gateway) -> Callable[[], Answer]:
    revision = a_revision(api)
    return lambda: api("DELETE", f"/v1/workflows/revisions/{revision}")


def _scenario(api: Gateway) -> Callable[[], Answer]:
    scenario = new_scenario(api)["id"]
    return lambda: api("DELETE", f"/v1/scenarios/{scenario}")


def _key(api: Gateway) -> Callable[[], Answer]:
    known(api)
    key = api("POST", KEYS, {"name": "robot"}).json["id"]
    return lambda: api("DELETE", f"{KEYS}/{key}")


AGENT = {"name": "Concierge", "system_prompt": "You are helpful."}
OWN_ID = AGENT | {"id": f"agent_{'1' * 32}"}
WRITES: dict[str, Callable[[Gateway], Write]] = {
    "create an agent": lambda api: Write(
        lambda: api("POST", "/v1/agents", AGENT), 201, 503
    ),
    "create an agent under a key": lambda api: Write(
        lambda: api("POST", "/v1/agents", AGENT, headers=KEY), 201, 503
    ),
    "create an agent with an id": lambda api: Write(
        lambda: api("POST", "/v1/agents", OWN_ID), 201, 503
    ),
    "update an agent": lambda api: Write(_agent(api, "PATCH", {"name": "b"}), 200, 409),
    "update a version of an agent": lambda api: Write(
        _agent(api, "PATCH", {"name": "b"}, **MATCH), 200, 409
    ),
    "archive an agent": lambda api: Write(_agent(api, "DELETE"), 204, 409),
    "create a product": lambda api: Write(
        lambda: api("POST", "/products", {"name": "a"}), 201, 503
    ),
    "create a first version": lambda api: Write(_first_version(api), 201, 503),
    "create a first session": lambda api: Write(_first_session(api), 201, 503),
    "update a parent": lambda api: Write(_version(api, "PATCH", {"name": "b"}), 200, 409),
    "delete a parent": lambda api: Write(_version(api, "DELETE"), 204, 409),
    "rename a workflow": lambda api: Write(_workflow(api), 200, 409),
    "delete a revision": lambda api: Write(_revision(api), 204, 409),
    "delete a scenario": lambda api: Write(_scenario(api), 204, 409),
    "revoke a key": lambda api: Write(_key(api), 204, 409),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITES)
def test_given_a_transaction_at_the_item_when_written_then_it_is_waited_for(
    api: Gateway, pauses: list[float], name: str
) -> None:
    write = WRITES[name](api)
    with held(times=3) as met:
        answer = write.send()
    assert (answer.status, len(met), len(pauses)) == (write.status, 3, 3)


@pytest.mark.parametrize("name", WRITES)
def test_given_transactions_at_the_item_that_never_end_then_it_is_given_up_with_a_word(
    api: Gateway, pauses: list[float], name: str
) -> None:
    write = WRITES[name](api)
    with held() as met:
        answer = write.send()
    assert (answer.status, len(met)) == (write.given_up, CROWDED.tries)
    assert "again" in answer.text
    assert len(pauses) == CROWDED.tries - 1
    assert sum(pauses) < 4  # less than half of a function's time
    assert write.send().status == write.status


@pytest.mark.parametrize("name", ["create a first version", "create a first session"])
def test_given_a_parent_that_others_keep_writing_to_then_the_child_is_refused_as_a_conflict(
    api: Gateway, pauses: list[float], name: str
) -> None:
    write = WRITES[name](api)
    with overtaken() as met:
        answer = write.send()
    assert (answer.status, len(met), len(pauses)) == (409, CROWDED.tries, CROWDED.tries - 1)
    assert write.send().status == 201


def test_given_a_key_that_others_keep_writing_to_then_revoking_it_is_a_conflict(
    api: Gateway, pauses: list[float]
) -> None:
    revoke = _key(api)
    with overtaken() as met:
        answer = revoke()
    assert (answer.status, len(met), len(pauses)) == (409, CROWDED.tries, CROWDED.tries - 1)
    assert revoke().status == 204


def test_given_a_version_that_others_keep_writing_to_then_an_imported_session_comes_again(
    api: Gateway, pauses: list[float]
) -> None:
    body = body_of(known(api).organization_id, EVALUATION, TALK)
    versions = api("GET", "/versions").json
    with overtaken(times=3) as met:
        assert handed_over(body) == []
    assert len(met) == len(pauses) == 3
    other = body_of(api.organization_id, EVALUATION, TALK | {"id": "another"}, name="april")
    with overtaken():
        assert handed_over(other) == ["0"]
    assert handed_over(other) == []
    assert (versions, len(api("GET", "/versions").json)) == ([], 2)


def test_given_turns_that_others_keep_recording_then_the_simulated_user_gives_up(
    api: Gateway, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given that, then the user, who may be a model, is asked ten times and no more."""
    world = new_world(api)
    session = new_session(api, world.version, testCaseId=world.test_case)["id"]
    asked: list[str] = []

    def overtake(store: Any, organization_id: Any, session_id: Any, *_: Any, **__: Any) -> Any:
        asked.append(str(session_id))
        raise PreconditionFailed

    monkeypatch.setattr(SessionStore, "append", overtake)
    url = "/conversationSimulator/generateNextUserMessage"
    answer = api("POST", url, {"sessionId": session, "maxTurns": None})
    assert (answer.status, asked) == (409, [session] * 10)
    assert len(pauses) == 9
