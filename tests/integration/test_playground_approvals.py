"""An approval that nobody decides in time, on the deployed stack: the schedule's own function."""

import json
import time
from typing import Any

import boto3
import httpx

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
    """Open a session on a revision with the graph, and bring it to its approval."""
    workflow = http.post("/v1/workflows", json={"name": "Sign-off"}).json()["id"]
    revision = http.post(
        f"/v1/workflows/{workflow}/revisions", json={"name": "first", "instructions": "Sign."}
    ).json()["id"]
    stored = http.put(f"/v1/workflows/revisions/{revision}/graph", json={"compiled_graph": GRAPH})
    assert stored.status_code == 200, stored.text
    session = http.post(SESSIONS, json={"revision_id": revision}).json()["session_id"]
    name, told = last(http.post(f"{SESSIONS}/{session}/messages", json={"message": "Go"}).text)
    assert (name, told["awaiting_approval"]) == ("complete", True), told
    return str(session)


def _expire(stack: RunningStack) -> dict[str, int]:
    """Call the function as the schedule does, each minute."""
    client = boto3.client(
        "lambda",
        endpoint_url=stack.aws_endpoint_url,
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    names = [
        function["FunctionName"]
        for page in client.get_paginator("list_functions").paginate()
        for function in page["Functions"]
    ]
    [name] = [name for name in names if "ExpireApprovals" in name]
    answer = client.invoke(FunctionName=name, Payload=b"{}")
    told: dict[str, int] = json.loads(answer["Payload"].read())
    return told


def test_given_a_deadline_that_passed_then_the_schedule_denies_and_a_reader_sees_it(
    stack: RunningStack, http: httpx.Client
) -> None:
    sessions = [_session(http) for _ in range(2)]
    time.sleep(1.1)

    told = _expire(stack)

    # The minute may have come round by itself in between.
    assert told["failed"] == 0
    for session in sessions:
        found = http.get(f"{SESSIONS}/{session}").json()
        assert found["completed_steps"] == ["sign_off", "refused"]
        assert (found["awaiting_approval"], found["last_signal"]) == (False, "handoff")
        decided = http.get(f"{SESSIONS}/{session}/trace").json()["items"][-1]
        assert (decided["decision"], decided["decided_by"]) == ("deny", "deadline")
        late = http.post(f"{SESSIONS}/{session}/resume", json={"decision": "approve"})
        assert (late.status_code, late.json()["error"]) == (409, "not_awaiting_approval")
    assert _expire(stack) == {"expired": 0, "failed": 0}
