"""Agent sessions through the API: create, read, change."""

from typing import Any

import pytest

from shared.llm.registry import SCRIPTED_MODEL_ID
from tests.support.agents import new_agent, new_session
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests

MODEL = str(SCRIPTED_MODEL_ID)
KEY = {"idempotency-key": "k"}
UNKNOWN_AGENT = "agent_" + "f" * 32

#: Every key of a session, those without a value included.
NEW: dict[str, Any] = {
    "title": None,
    "status": "started",
    "preview": None,
    "output_preview": None,
    "model_id": None,
    "tags": [],
    "capabilities": [],
    "usage": None,
    "started_at": None,
    "finished_at": None,
}


def test_given_only_an_agent_when_created_then_the_session_is_whole(api: Gateway) -> None:
    agent_id = new_agent(api)["id"]
    sent = {"agent_id": agent_id, "capabilities": [], "tags": [], "tools": []}
    with counted_requests() as requests:
        answer = api("POST", "/v1/sessions", sent)
    session = answer.json
    assert answer.status == 201
    assert answer.headers["etag"] == '"1"'
    assert session == NEW | {
        "id": session["id"],
        "organization_id": str(api.organization_id),
        "agent_id": agent_id,
        "created_at": session["created_at"],
        "updated_at": session["created_at"],
        "harness_id": session["harness_id"],
    }
    assert session["id"].startswith("session_")
    assert session["harness_id"].startswith("harness_")
    assert requests == {"GetItem": 1, "TransactWriteItems": 1}


def test_given_all_fields_when_created_then_they_are_read_back(api: Gateway) -> None:
    given = {
        "agent_id": new_agent(api)["id"],
        "title": "Login issue",
        "tags": ["urgent"],
        "model_id": MODEL,
        "capabilities": [{"ref": "calculator"}, {"ref": "own", "config": {"a": [1, None]}}],
    }
    created = api("POST", "/v1/sessions", given)
    with counted_requests() as requests:
        read = api("GET", f"/v1/sessions/{created.json['id']}")
    assert (read.status, read.json) == (200, created.json)
    assert read.headers["etag"] == '"1"'
    assert {key: read.json[key] for key in given} == given
    assert requests == {"GetItem": 1}


def test_the_agents_default_model_is_copied_for_good(api: Gateway) -> None:
    agent_id = new_agent(api, default_model_id=MODEL, capabilities=[{"ref": "calculator"}])["id"]
    session = new_session(api, agent_id=agent_id, title=None, model_id=None)
    assert session["model_id"] == MODEL
    assert session["capabilities"] == []  # the agent's own are not repeated here
    new_agent(api, id=agent_id)
    assert api("GET", f"/v1/sessions/{session['id']}").json["model_id"] == MODEL


def test_a_session_id_is_never_the_clients(api: Gateway) -> None:
    chosen = "session_" + "0" * 32
    assert new_session(api, id=chosen)["id"] != chosen


def test_given_a_foreign_agent_then_it_is_as_if_there_was_none(
    api: Gateway, other_api: Gateway
) -> None:
    foreign = new_agent(other_api)["id"]
    for agent_id in (foreign, UNKNOWN_AGENT):
        answer = api("POST", "/v1/sessions", {"agent_id": agent_id})
        assert (answer.status, answer.json) == (404, {"error": "Agent not found"})
    assert api("GET", "/v1/sessions").json["total"] == 0


def test_given_a_foreign_session_then_it_is_as_if_there_was_none(
    api: Gateway, other_api: Gateway
) -> None:
    foreign = new_session(other_api)["id"]
    for session_id in (foreign, "session_" + "f" * 32):
        for method, body in (("GET", None), ("PATCH", {"title": "x"})):
            answer = api(method, f"/v1/sessions/{session_id}", body)
            assert (answer.status, answer.json) == (404, {"error": "Session not found"})
    assert other_api("GET", f"/v1/sessions/{foreign}").json["title"] is None


def test_given_changes_when_patched_then_only_those_are_made(api: Gateway) -> None:
    before = new_session(api, title="old", tags=["a", "b"])
    url = f"/v1/sessions/{before['id']}"
    with counted_requests() as requests:
        renamed = api("PATCH", url, {"title": "new", "tags": None})
    assert renamed.status == 200
    assert renamed.headers["etag"] == '"2"'
    assert renamed.json["title"] == "new"
    assert renamed.json["tags"] == ["a", "b"]
    assert renamed.json["updated_at"] > before["updated_at"]
    assert api("PATCH", url, {"tags": []}).json["tags"] == []
    untouched = api("PATCH", url, {})
    assert untouched.status == 200
    assert untouched.json["title"] == "new"
    assert untouched.json["updated_at"] > renamed.json["updated_at"]
    assert api("GET", url).json == untouched.json
    assert requests == {"GetItem": 1, "PutItem": 1}


def test_given_a_stale_tag_then_nothing_is_changed(api: Gateway) -> None:
    url = f"/v1/sessions/{new_session(api)['id']}"
    assert api("PATCH", url, {"title": "one"}, headers={"if-match": '"1"'}).status == 200
    assert api("PATCH", url, {"title": "two"}, headers={"if-match": '"1"'}).status == 412
    assert api("GET", url).json["title"] == "one"


def test_given_the_same_request_again_then_the_first_answer_is_given(api: Gateway) -> None:
    body = {"agent_id": new_agent(api)["id"], "title": "first"}
    first = api("POST", "/v1/sessions", body, headers=KEY)
    api("PATCH", f"/v1/sessions/{first.json['id']}", {"title": "changed"})
    with counted_requests() as requests:
        again = api("POST", "/v1/sessions", body, headers=KEY)
    assert (again.status, again.json) == (201, first.json)
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert api("GET", "/v1/sessions").json["total"] == 1
    assert requests == {"GetItem": 1, "TransactWriteItems": 1}


def test_given_the_agent_is_archived_meanwhile_then_the_same_request_has_the_same_answer(
    api: Gateway,
) -> None:
    body: dict[str, Any] = {"agent_id": new_agent(api)["id"]}
    first = api("POST", "/v1/sessions", body, headers=KEY)
    api("DELETE", f"/v1/agents/{body['agent_id']}")
    again = api("POST", "/v1/sessions", body, headers=KEY)
    assert (again.status, again.json) == (201, first.json)
    other = api("POST", "/v1/sessions", {**body, "title": "other"}, headers=KEY)
    assert other.status == 422
    fresh = api("POST", "/v1/sessions", body, headers={"idempotency-key": "fresh"})
    assert fresh.status == 400


def test_given_another_payload_then_the_key_is_refused(api: Gateway) -> None:
    body: dict[str, Any] = {"agent_id": new_agent(api)["id"]}
    api("POST", "/v1/sessions", body, headers=KEY)
    answer = api("POST", "/v1/sessions", {**body, "title": "other"}, headers=KEY)
    assert answer.status == 422
    assert "Idempotency-Key" in answer.json["error"]
    assert api("GET", "/v1/sessions").json["total"] == 1


def test_given_twenty_clients_at_once_then_there_is_one_session(api: Gateway) -> None:
    body: dict[str, Any] = {"agent_id": new_agent(api)["id"]}
    answers = race(api, "POST", "/v1/sessions", body, headers=KEY)
    assert {answer.status for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert api("GET", "/v1/sessions").json["total"] == 1


LIMITS = (400, "Input exceeds allowed limits")
#: What is added to a good body, the status, and how the error begins.
REFUSED: dict[str, tuple[dict[str, Any], tuple[int, str]]] = {
    "agent null": ({"agent_id": None}, (400, "Invalid agent ID: ")),
    "agent no text": ({"agent_id": 7}, (400, "Invalid agent ID: ")),
    "agent of another kind": ({"agent_id": "session_" + "0" * 32}, (400, "Invalid agent ID: ")),
    "agent in upper case": ({"agent_id": "agent_" + "A" * 32}, (400, "Invalid agent ID: ")),
    "agent too long": ({"agent_id": "agent_" + "0" * 33}, (400, "Invalid agent ID: ")),
    "agent and more wrong": ({"agent_id": "x", "title": 5}, (400, "Invalid agent ID: ")),
    "model malformed": ({"model_id": "gpt"}, (400, "Invalid model ID: ")),
    "model unknown": ({"model_id": "model_" + "f" * 32}, (404, "Model not found")),
    "title no text": ({"title": 5}, (422, "title: ")),
    "title too long": ({"title": "t" * 256}, LIMITS),
    "tags null": ({"tags": None}, (422, "tags: ")),
    "tags a text": ({"tags": "t"}, (422, "tags: ")),
    "too many tags": ({"tags": ["t"] * 51}, LIMITS),
    "tag too long": ({"tags": ["t" * 129]}, LIMITS),
    "capabilities null": ({"capabilities": None}, (422, "capabilities: ")),
    "capability without ref": ({"capabilities": [{}]}, (422, "capabilities.0.ref: ")),
    "too many capabilities": ({"capabilities": [{"ref": "a"}] * 251}, LIMITS),
    "configuration too large": (
        {"capabilities": [{"ref": "a", "config": {"c": "c" * 64 * 1024}}]},
        LIMITS,
    ),
}


@pytest.mark.parametrize("added, refused", REFUSED.values(), ids=REFUSED)
def test_bad_sessions_are_refused(
    api: Gateway, added: dict[str, Any], refused: tuple[int, str]
) -> None:
    answer = api("POST", "/v1/sessions", {"agent_id": new_agent(api)["id"], **added})
    assert answer.status == refused[0], answer.text
    assert set(answer.json) == {"error"}
    assert answer.json["error"].startswith(refused[1])
    assert api("GET", "/v1/sessions").json["total"] == 0


def test_a_missing_agent_is_named_like_a_malformed_one(api: Gateway) -> None:
    answer = api("POST", "/v1/sessions", {"title": "t"})
    assert (answer.status, answer.json) == (400, {"error": "Invalid agent ID: field required"})


@pytest.mark.parametrize("changes", [{"title": "t" * 256}, {"tags": ["t"] * 51}])
def test_bad_changes_are_refused(api: Gateway, changes: dict[str, Any]) -> None:
    before = new_session(api)
    answer = api("PATCH", f"/v1/sessions/{before['id']}", changes)
    assert (answer.status, answer.json) == (400, {"error": LIMITS[1]})
    assert api("GET", f"/v1/sessions/{before['id']}").json == before


@pytest.mark.parametrize("identifier", ["1", "session_" + "A" * 32, "agent_" + "0" * 32])
def test_a_malformed_id_in_the_path_is_400(api: Gateway, identifier: str) -> None:
    expected = "Invalid session ID: expected session_ and 32 lowercase hexadecimal digits"
    for method, path in (("GET", ""), ("PATCH", ""), ("GET", "/messages"), ("POST", "/messages")):
        body: dict[str, Any] | None = None if method == "GET" else {}
        answer = api(method, f"/v1/sessions/{identifier}{path}", body)
        assert (answer.status, answer.json) == (400, {"error": expected})


def test_behind_a_base_path_the_same_requests_work(api: Gateway) -> None:
    session = new_session(api)
    api.prefix = "/api"
    assert api("GET", f"/v1/sessions/{session['id']}").json == session
