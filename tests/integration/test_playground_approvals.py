"""Approvals past their deadline on the deployed stack: the schedule's function denies them."""

import json
import time
from typing import Any

import httpx

from local.aws import client
from tests.integration.conftest import create
from tests.support.running_stack import RunningStack
from tests.support.sse import last

SESSIONS = "/v1/workflow/playground/sessions"
GRAPH: dict[str, Any] = {
    "name": "Sign-off",
    "entry_node_id": "sign_off",
    "nodes": [
        {
            "id": "sign_off",
            "type": "approval",
            "approver_role": "lead",
            "suspend_message": "One moment.",
            "timeout_seconds": 1,
            "on_approve": "done",
            "on_deny": "refused",
        },
        {"id": "done", "type": "handoff", "static_text": "Signed."},
        {"id": "refused", "type": "handoff", "static_text": "Nobody signed."},
    ],
    "edges": [],
}


def _session(http: httpx.Client) -> str:
    """Open a session on a revision with the graph, and run it up to its approval."""
    workflow = create(http, "/v1/workflows", name="Sign-off")
    revision = create(
        http, f"/v1/workflows/{workflow}/revisions", name="first", instructions="Sign."
    )
    stored = http.put(f"/v1/workflows/revisions/{revision}/graph", json={"compiled_graph": GRAPH})
    assert stored.status_code == 200, stored.text
    session = http.post(SESSIONS, json={"revision_id": revision}).json()["session_id"]
    name, data = last(http.post(f"{SESSIONS}/{session}/messages", json={"message": "Go"}).text)
    assert (name, data["awaiting_approval"]) == ("complete", True), data
    return str(session)


def _expire(stack: RunningStack) -> dict[str, int]:
    """Invoke the function as the schedule does every minute."""
    functions = client(stack.local, "lambda")
    names = [
        function["FunctionName"]
        for page in functions.get_paginator("list_functions").paginate()
        for function in page["Functions"]
    ]
    [name] = [name for name in names if "ExpireApprovals" in name]
    answer = functions.invoke(FunctionName=name, Payload=b"{}")
    result: dict[str, int] = json.loads(answer["Payload"].read())
    return result


def test_approval_past_its_deadline_is_denied_by_the_schedule(
    stack: RunningStack, http: httpx.Client
) -> None:
    sessions = [_session(http) for _ in range(2)]
    time.sleep(1.1)

    result = _expire(stack)

    # The schedule itself may have run in between.
    assert result["failed"] == 0
    for session in sessions:
        session_state = http.get(f"{SESSIONS}/{session}").json()
        assert session_state["completed_steps"] == ["sign_off", "refused"]
        state = session_state["awaiting_approval"], session_state["last_signal"]
        assert state == (False, "handoff")
        decided = http.get(f"{SESSIONS}/{session}/trace").json()["items"][-1]
        assert (decided["decision"], decided["decided_by"]) == ("deny", "deadline")
        late = http.post(f"{SESSIONS}/{session}/resume", json={"decision": "approve"})
        assert (late.status_code, late.json()["error"]) == (409, "not_awaiting_approval")
    assert _expire(stack) == {"expired": 0, "failed": 0}
