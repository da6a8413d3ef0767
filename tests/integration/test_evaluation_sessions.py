"""Evaluation sessions on the deployed stack: gateway limits, the stream, and deletion."""

from typing import Any

import httpx

from tests.integration.conftest import create
from tests.support.running_stack import RunningStack, until


def new_session(http: httpx.Client, version: str, **fields: Any) -> str:
    return create(http, "/sessions", versionId=version, **fields)


def test_batch_of_100_turns_and_4_megabytes_is_recorded(http: httpx.Client, version: str) -> None:
    """The largest batch passes gateway, function and table, and so does its response."""
    session = new_session(http, version)
    turns = [
        {"role": "assistant" if number % 2 else "user", "content": f"{number:02} " + "a" * 39_000}
        for number in range(100)
    ]

    answer = http.post(
        "/inferenceResults/batch", json={"sessionId": session, "conversationTurns": turns}
    )

    assert answer.status_code == 201, answer.text[:500]
    assert [one["actualOutput"] for one in answer.json()] == [one["content"] for one in turns[1::2]]
    listed = http.get("/inferenceResults", params={"sessionIds[]": session})
    assert listed.json() == answer.json()


def test_deleted_sessions_leave_only_tombstones(
    stack: RunningStack, http: httpx.Client, version: str
) -> None:
    sessions = [new_session(http, version, customId=name) for name in "ab"]
    for session in sessions:
        create(
            http, "/inferenceResults", sessionId=session, input="secret", actualOutput="well kept"
        )

    answer = http.request("DELETE", "/sessions/batch", json={"ids": sessions})

    assert answer.status_code == 204
    assert http.get("/sessions", params={"versionIds[]": version}).json() == []
    assert new_session(http, version, customId="a")
    for session in sessions:
        until(lambda: len(stack.session_items(session)) == 1)  # noqa: B023  # called at once
        assert "well kept" not in str(stack.session_items(session))


def test_version_is_deletable_after_its_sessions(http: httpx.Client, version: str) -> None:
    session = new_session(http, version)
    rejected = http.delete(f"/versions/{version}")
    assert (rejected.status_code, session in rejected.json()["message"]) == (400, True)

    assert http.delete(f"/sessions/{session}").status_code == 204
    assert http.delete(f"/versions/{version}").status_code == 204
    assert http.get(f"/versions/{version}").status_code == 404
