"""Agent sessions through the API: create, get, update."""

from typing import Any

import pytest

from shared.llm.registry import SCRIPTED_MODEL_ID
from tests.support.agents import SESSION_ENDPOINTS as ENDPOINTS
from tests.support.agents import new_agent, new_session
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests

MODEL = str(SCRIPTED_MODEL_ID)
KEY = {"idempotency-key": "k"}
UNKNOWN_AGENT = "agent_" + "f" * 32

#: All fields of a new session with a constant value.
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


def test_create_with_agent_only_returns_all_fields(api: Gateway) -> None:
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
    assert requests == {"GetItem": 1, "PutItem": 1}


def test_create_with_all_fields_stores_them(api: Gateway) -> None:
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


def test_default_model_of_agent_is_copied_at_creation(api: Gateway) -> None:
    agent_id = new_agent(api, default_model_id=MODEL, capabilities=[{"ref": "calculator"}])["id"]
    session = new_session(api, agent_id=agent_id, title=None, model_id=None)
    assert session["model_id"] == MODEL
    assert session["capabilities"] == []  # the agent's own are not repeated here
    new_agent(api, id=agent_id)
    assert api("GET", f"/v1/sessions/{session['id']}").json["model_id"] == MODEL


def test_session_id_of_client_is_ignored(api: Gateway) -> None:
    chosen = "session_" + "0" * 32
    assert new_session(api, id=chosen)["id"] != chosen


def test_agent_of_other_organization_is_not_found(api: Gateway, other_api: Gateway) -> None:
    foreign = new_agent(other_api)["id"]
    for agent_id in (foreign, UNKNOWN_AGENT):
        answer = api("POST", "/v1/sessions", {"agent_id": agent_id})
        assert (answer.status, answer.json) == (404, {"error": "Agent not found"})
    assert api("GET", "/v1/sessions").json["total"] == 0


def test_update_sets_given_fields_only(api: Gateway) -> None:
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


def test_update_with_stale_etag_is_rejected(api: Gateway) -> None:
    url = f"/v1/sessions/{new_session(api)['id']}"
    assert api("PATCH", url, {"title": "one"}, headers={"if-match": '"1"'}).status == 200
    assert api("PATCH", url, {"title": "two"}, headers={"if-match": '"1"'}).status == 412
    assert api("GET", url).json["title"] == "one"


def test_repeated_create_after_change_costs_two_reads_and_one_write(api: Gateway) -> None:
    body = {"agent_id": new_agent(api)["id"], "title": "first"}
    first = api("POST", "/v1/sessions", body, headers=KEY)
    api("PATCH", f"/v1/sessions/{first.json['id']}", {"title": "changed"})
    with counted_requests() as requests:
        assert api("POST", "/v1/sessions", body, headers=KEY).json == first.json
    # The agent, the failed create, and the session as it was created.
    assert requests == {"GetItem": 2, "PutItem": 1}
    assert api("GET", "/v1/sessions").json["total"] == 1


def test_archived_agent_rejects_other_creates_than_a_repeated_one(api: Gateway) -> None:
    body: dict[str, Any] = {"agent_id": new_agent(api)["id"]}
    first = api("POST", "/v1/sessions", body, headers=KEY)
    api("DELETE", f"/v1/agents/{body['agent_id']}")
    assert api("POST", "/v1/sessions", body, headers=KEY).json == first.json
    assert api("POST", "/v1/sessions", {**body, "title": "other"}, headers=KEY).status == 422
    assert api("POST", "/v1/sessions", body, headers={"idempotency-key": "new"}).status == 400


LIMITS = (400, "Input exceeds allowed limits")
#: Fields added to a valid body, the status, and the beginning of the error.
INVALID: dict[str, tuple[dict[str, Any], tuple[int, str]]] = {
    "agent null": ({"agent_id": None}, (400, "Invalid agent ID: ")),
    "agent not a string": ({"agent_id": 7}, (400, "Invalid agent ID: ")),
    "agent of another kind": ({"agent_id": "session_" + "0" * 32}, (400, "Invalid agent ID: ")),
    "agent in upper case": ({"agent_id": "agent_" + "A" * 32}, (400, "Invalid agent ID: ")),
    "agent too long": ({"agent_id": "agent_" + "0" * 33}, (400, "Invalid agent ID: ")),
    "agent and title wrong": ({"agent_id": "x", "title": 5}, (400, "Invalid agent ID: ")),
    "model malformed": ({"model_id": "gpt"}, (400, "Invalid model ID: ")),
    "model unknown": ({"model_id": "model_" + "f" * 32}, (404, "Model not found")),
    "title not a string": ({"title": 5}, (422, "title: ")),
    "title too long": ({"title": "t" * 256}, LIMITS),
    "tags null": ({"tags": None}, (422, "tags: ")),
    "tags a string": ({"tags": "t"}, (422, "tags: ")),
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


@pytest.mark.parametrize(("added", "expected"), INVALID.values(), ids=INVALID)
def test_invalid_session_is_rejected(
    api: Gateway, added: dict[str, Any], expected: tuple[int, str]
) -> None:
    answer = api("POST", "/v1/sessions", {"agent_id": new_agent(api)["id"], **added})
    assert answer.status == expected[0], answer.text
    assert set(answer.json) == {"error"}
    assert answer.json["error"].startswith(expected[1])
    assert api("GET", "/v1/sessions").json["total"] == 0


def test_missing_agent_is_rejected_as_a_malformed_one(api: Gateway) -> None:
    answer = api("POST", "/v1/sessions", {"title": "t"})
    assert (answer.status, answer.json) == (400, {"error": "Invalid agent ID: field required"})


@pytest.mark.parametrize("changes", [{"title": "t" * 256}, {"tags": ["t"] * 51}])
def test_invalid_update_is_rejected(api: Gateway, changes: dict[str, Any]) -> None:
    before = new_session(api)
    answer = api("PATCH", f"/v1/sessions/{before['id']}", changes)
    assert (answer.status, set(answer.json)) == (400, {"error"})
    [field] = changes
    assert answer.json["error"].startswith(f"{LIMITS[1]}: {field} must ")
    assert api("GET", f"/v1/sessions/{before['id']}").json == before


@pytest.mark.parametrize(("field", "methods"), [("initial_files", ("PATCH",))])
def test_fields_that_would_have_no_effect_are_refused(
    api: Gateway, field: str, methods: tuple[str, ...]
) -> None:
    agent_id = new_agent(api)["id"]
    session_id = new_session(api, agent_id=agent_id, **{field: []})["id"]
    for method, path, body in (
        ("POST", "/v1/sessions", {"agent_id": agent_id}),
        ("PATCH", f"/v1/sessions/{session_id}", {"title": "new"}),
    ):
        if method not in methods:
            continue
        answer = api(method, path, {**body, field: [{"name": "n"}]})
        error = f"{field}: must be empty or absent: not served yet"
        assert (answer.status, answer.json) == (422, {"error": error})
    assert api("GET", "/v1/sessions").json["total"] == 1
    assert api("GET", f"/v1/sessions/{session_id}").json["title"] is None


def test_ignored_fields_are_named(api: Gateway) -> None:
    body = {"agent_id": new_agent(api)["id"], "tools": [], "locale": "uk-UA", "temperature": 1}
    created = api("POST", "/v1/sessions", body)
    assert (created.status, created.headers["x-ignored-fields"]) == (201, "locale, temperature")
    url = f"/v1/sessions/{created.json['id']}"
    changed = api("PATCH", url, {"metadata": {"a": 1}, "title": "t"})
    assert (changed.status, changed.headers["x-ignored-fields"]) == (200, "metadata")
    assert changed.json["title"] == "t"
    assert "x-ignored-fields" not in api("PATCH", url, {"title": "u"}).headers


@pytest.mark.parametrize(("method", "path", "body"), ENDPOINTS)
def test_endpoint_of_unknown_session_is_rejected(
    api: Gateway, other_api: Gateway, session_id: str, method: str, path: str, body: Any
) -> None:
    malformed = "Invalid session ID: expected session_ and 32 lowercase hexadecimal digits"
    for client, identifier, status, error in (
        (other_api, session_id, 404, "Session not found"),
        (api, "session_" + "f" * 32, 404, "Session not found"),
        (api, "session_" + "A" * 32, 400, malformed),
        (api, "agent_" + "0" * 32, 400, malformed),
        (api, "1", 400, malformed),
    ):
        answer = client(method, f"/v1/sessions/{identifier}{path}", body)
        assert (answer.status, answer.json) == (status, {"error": error})
    assert api("GET", f"/v1/sessions/{session_id}").headers["etag"] == '"1"'


@pytest.mark.parametrize(("method", "path", "body"), ENDPOINTS)
def test_endpoint_checks_the_scope(
    api: Gateway, session_id: str, method: str, path: str, body: Any
) -> None:
    api.scopes = "read"
    status = api(method, f"/v1/sessions/{session_id}{path}", body).status
    assert status == (200 if method == "GET" else 403)


def test_base_path_is_removed(api: Gateway) -> None:
    session = new_session(api)
    api.prefix = "/api"
    assert api("GET", f"/v1/sessions/{session['id']}").json == session
