"""Conversations imported with an API key on the deployed stack: in a request, and by an upload."""

import json
from typing import Any

import httpx

from tests.support.running_stack import RunningStack

URL = "/v1/sessions/import"


def text(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def upload(http: httpx.Client, line: dict[str, Any]) -> dict[str, str]:
    """Upload a conversation as a client without an API key; return the body of its import."""
    created = http.post(f"{URL}/uploads").raise_for_status().json()
    content = json.dumps(line).encode()
    request = httpx.Request(
        created["method"], created["url"], headers=created["headers"], content=content
    )
    with httpx.Client() as anybody:
        anybody.send(request).raise_for_status()
    return {"upload_id": created["upload_id"]}


def test_conversation_is_imported_once_by_request_and_by_upload(
    stack: RunningStack, http: httpx.Client
) -> None:
    line = {"id": "by request", "messages": [text("user", "Hi"), text("assistant", "Hello")]}

    first = http.post(URL, json=line)
    again = http.post(URL, json=line)
    body = upload(http, line)
    uploaded = [http.post(URL, json=body) for _ in range(2)]

    answers = [first, again, *uploaded]
    assert [answer.status_code for answer in answers] == [201] * 4, first.text
    assert len({answer.text for answer in answers}) == 1
    replayed = [answer.headers.get("idempotent-replayed") for answer in answers]
    assert replayed == [None, "true", "true", "true"]
    session = http.get(f"/v1/sessions/{first.json()['session_id']}").json()
    assert (session["title"], session["output_preview"]) == ("by request", "Hello")
    refused = http.post(URL, json={"id": "x", "messages": [{}]})
    assert (refused.status_code, refused.json()["error"][:16]) == (400, "messages.0.role:")
    assert http.post(URL, content=b" " * (5 * 1024 * 1024 + 1)).status_code == 413


def test_conversation_beyond_a_request_is_complete(stack: RunningStack, http: httpx.Client) -> None:
    messages = [text(role, f"{n} {'x' * 70_000}") for n in range(40) for role in ("user", "model")]
    body = upload(http, {"id": "large", "messages": messages})

    answer = http.post(URL, params={"kind": "evaluation"}, json=body)

    assert answer.status_code == 201, answer.text
    listed = http.get("/inferenceResults", params={"sessionIds[]": answer.json()["session_id"]})
    assert [turn["index"] for turn in listed.json()] == list(range(40))
    assert http.post(URL, json={"upload_id": f"upload_{'1' * 32}"}).status_code == 404
