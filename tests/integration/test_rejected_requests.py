"""Rejected requests on the deployed stack: unusable keys, foreign ids, methods, large bodies."""

import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from local.aws import client
from local.logs import LOG_GROUP
from shared.identity.keys import new_api_key
from tests.support.running_stack import PATIENCE, RunningStack, until

SESSIONS = "/v1/sessions"


def get_sessions(stack: RunningStack, key: str) -> httpx.Response:
    return httpx.get(stack.api_url + SESSIONS, headers={"x-api-key": key}, timeout=PATIENCE)


def assert_unauthorized(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["error"]) == (401, "authentication_required")


def test_revoked_key_is_unauthorized_once_its_cache_entry_expires(
    stack: RunningStack, http: httpx.Client
) -> None:
    created = http.post("/v1/identity/api-keys", json={"name": "short-lived"}).json()
    assert get_sessions(stack, created["api_key"]).status_code == 200

    assert http.delete(f"/v1/identity/api-keys/{created['id']}").status_code == 204

    until(lambda: not get_sessions(stack, created["api_key"]).is_success)
    assert_unauthorized(get_sessions(stack, created["api_key"]))


def test_expired_key_is_unauthorized(stack: RunningStack, http: httpx.Client) -> None:
    http.post("/v1/identity/api-keys", json={"name": "warms up the function"})
    expires_at = datetime.now(UTC) + timedelta(seconds=5)
    body = {"name": "short-lived", "expires_at": expires_at.isoformat()}
    created = http.post("/v1/identity/api-keys", json=body).json()

    until(lambda: datetime.now(UTC) > expires_at + timedelta(seconds=0.1))

    assert_unauthorized(get_sessions(stack, created["api_key"]))


def test_session_of_another_organization_is_not_found(
    stack: RunningStack, http: httpx.Client, agent_session: str
) -> None:
    headers = {"x-api-key": stack.new_key(organization="another").api_key}
    with httpx.Client(base_url=stack.api_url, headers=headers, timeout=PATIENCE) as other:
        read = other.get(f"{SESSIONS}/{agent_session}")
        draft = other.post(
            "/v1/scenarios/draft-from-session",
            json={"session_id": agent_session.removeprefix("session_")},
        )
        listed = other.get(SESSIONS).json()

    assert (read.status_code, read.json()) == (404, {"error": "Session not found"})
    assert (draft.status_code, draft.json()["error"]) == (400, "session_not_found")
    assert (listed["data"], listed["total"]) == ([], 0)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/workflow/playground/sessions", {"error", "message"}),
        ("/v1/sessions", {"error"}),
        ("/sessions", {"error", "message"}),
        ("/v1/scenarios/draft-from-session", {"error", "message"}),
    ],
)
def test_body_over_one_megabyte_is_rejected(http: httpx.Client, path: str, body: set[str]) -> None:
    rejected = http.post(path, json={"padding": "x" * 1024 * 1024})

    assert (rejected.status_code, set(rejected.json())) == (413, body)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "HEAD"])
def test_method_that_a_path_does_not_have_is_405(stack: RunningStack, method: str) -> None:
    answer = httpx.request(method, stack.api_url + "/v1/agents", timeout=PATIENCE)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST, OPTIONS")
    assert answer.headers["x-request-id"]
    if method != "HEAD":
        assert answer.json()["error"] == "method_not_allowed"


def test_unknown_path_is_404_for_each_method(http: httpx.Client) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        answer = http.request(method, "/v1/nothing")

        assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


def test_preflight_is_answered_for_the_allowed_origin_only(stack: RunningStack) -> None:
    for path in ("/v1/agents", "/sessions/s1", "/v1/nothing", "/docs"):
        for origin in (stack.allowed_origin, "https://evil.example.com"):
            headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
            answer = httpx.options(stack.api_url + path, headers=headers, timeout=PATIENCE)

            assert answer.status_code == 204
            found = answer.headers.get("access-control-allow-origin")
            assert found == (origin if origin == stack.allowed_origin else None)


def test_wrong_keys_leave_no_error_in_the_log(stack: RunningStack) -> None:
    began = int(time.time() * 1000)
    for key in (*(new_api_key() for _ in range(5)), "sk-short", "é".encode().hex()):
        assert_unauthorized(get_sessions(stack, key))
    refused = httpx.get(stack.api_url + SESSIONS, timeout=PATIENCE)
    assert_unauthorized(refused)
    assert refused.headers["www-authenticate"] == "Bearer"

    logs = client(stack.local, "logs")
    events = logs.filter_log_events(logGroupName=LOG_GROUP, startTime=began)["events"]
    assert not [event for event in events if "Traceback" in event["message"]]


def test_own_request_id_is_returned(http: httpx.Client) -> None:
    answer = http.get("/v1/identity/whoami", headers={"X-Request-Id": "trace-4711"})

    assert answer.headers["x-request-id"] == "trace-4711"
