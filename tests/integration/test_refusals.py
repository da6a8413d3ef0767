"""What the deployed stack refuses, and how: keys that do not work any more, bodies too large."""

import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.support.running_stack import RunningStack
from tests.support.waiting import PATIENCE

SESSIONS = "/v1/sessions"


def test_revoked_key_stops_working(stack: RunningStack, http: httpx.Client) -> None:
    """Given a key in use, when it is revoked, then it is refused within the cache's time."""
    made = http.post("/v1/identity/api-keys", json={"name": "short-lived"}).json()
    own = {"x-api-key": made["api_key"]}
    assert httpx.get(stack.api_url + SESSIONS, headers=own, timeout=PATIENCE).status_code == 200

    assert http.delete(f"/v1/identity/api-keys/{made['id']}").status_code == 204

    deadline = time.monotonic() + 60
    while (
        refused := httpx.get(stack.api_url + SESSIONS, headers=own, timeout=PATIENCE)
    ).is_success:
        assert time.monotonic() < deadline, "the revoked key still works"
        time.sleep(0.2)
    assert refused.status_code == 401
    assert refused.json()["error"] == "authentication_required"


def test_expired_key_is_refused(stack: RunningStack, http: httpx.Client) -> None:
    """Given a key that ends in five seconds, when they have passed, then it is refused."""
    http.post("/v1/identity/api-keys", json={"name": "the function's start takes a while"})
    ends = datetime.now(UTC) + timedelta(seconds=5)
    given = {"name": "short-lived", "expires_at": ends.isoformat()}
    made = http.post("/v1/identity/api-keys", json=given).json()
    time.sleep(max(0, (ends - datetime.now(UTC)).total_seconds()) + 0.1)

    own = {"x-api-key": made["api_key"]}
    refused = httpx.get(stack.api_url + SESSIONS, headers=own, timeout=PATIENCE)

    assert (refused.status_code, refused.json()["error"]) == (401, "authentication_required")


def test_another_organization_finds_nothing(stack: RunningStack, http: httpx.Client) -> None:
    """Given a session, when another organisation asks for it, then it does not exist."""
    agent = http.post("/v1/agents", json={"name": "Ada", "system_prompt": "You help."}).json()
    session = http.post(SESSIONS, json={"agent_id": agent["id"]}).json()
    other = {"x-api-key": stack.new_key(organization="another").api_key}

    found = httpx.get(f"{stack.api_url}{SESSIONS}/{session['id']}", headers=other, timeout=PATIENCE)
    draft = httpx.post(
        f"{stack.api_url}/v1/scenarios/draft-from-session",
        json={"session_id": session["id"].removeprefix("session_")},
        headers=other,
        timeout=PATIENCE,
    )
    listed = httpx.get(stack.api_url + SESSIONS, headers=other, timeout=PATIENCE)

    assert (found.status_code, found.json()) == (404, {"error": "Session not found"})
    assert (draft.status_code, draft.json()["error"]) == (400, "session_not_found")
    assert (listed.json()["data"], listed.json()["total"]) == ([], 0)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/workflow/playground/sessions", {"error", "message"}),
        ("/v1/sessions", {"error"}),
        ("/sessions", {"error", "message"}),
        ("/v1/scenarios/draft-from-session", {"error", "message"}),
    ],
)
def test_body_over_one_megabyte_is_refused(http: httpx.Client, path: str, body: set[str]) -> None:
    """Given a core operation, when its body is over 1 MB, then 413 in the surface's form."""
    refused = http.post(path, json={"padding": "x" * 1024 * 1024})

    assert (refused.status_code, set(refused.json())) == (413, body)


def test_own_request_id_comes_back(http: httpx.Client) -> None:
    """Given a request with an id of its own, then the answer carries it."""
    answer = http.get("/v1/identity/whoami", headers={"X-Request-Id": "trace-4711"})

    assert answer.headers["x-request-id"] == "trace-4711"
