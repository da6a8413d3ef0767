"""Evaluation sessions on the deployed stack, where the way through the gateway matters."""

import time
from typing import Any

import boto3
import httpx
import pytest

from local.settings import REGION
from shared.core.ids import SessionId
from tests.support.running_stack import RunningStack

#: Seconds until what runs in the background is given up: a cold function and the stream.
PATIENCE = 120


@pytest.fixture
def version(http: httpx.Client) -> str:
    product = http.post("/products", json={"name": "Shop"}).json()["id"]
    return str(http.post("/versions", json={"productId": product}).json()["id"])


def _opened(http: httpx.Client, version: str, **fields: Any) -> str:
    return str(http.post("/sessions", json={"versionId": version, **fields}).json()["id"])


def test_conversation_of_100_turns_and_4_megabytes_is_recorded(
    http: httpx.Client, version: str
) -> None:
    """Given the largest batch, then gateway, function and table take it, and answer it whole."""
    session = _opened(http, version)
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


def test_deleted_sessions_leave_only_a_tombstone(
    stack: RunningStack, http: httpx.Client, version: str
) -> None:
    """Given sessions with turns, when they are deleted together, then what was said goes too."""
    opened = [_opened(http, version, customId=name) for name in "ab"]
    for session in opened:
        turn = {"sessionId": session, "input": "my secret", "actualOutput": "well kept"}
        assert http.post("/inferenceResults", json=turn).status_code == 201

    answer = http.request("DELETE", "/sessions/batch", json={"ids": opened})

    assert answer.status_code == 204
    assert http.get("/sessions", params={"versionIds[]": version}).json() == []
    assert _opened(http, version, customId="a")
    client = boto3.client(
        "dynamodb",
        endpoint_url=stack.aws_endpoint_url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    deadline = time.monotonic() + PATIENCE
    for session in opened:
        partition = f"{stack.organization_id}#session#{SessionId.parse(session).hex}"
        while len(items := _items(client, stack.table_name, partition)) > 1:
            assert time.monotonic() < deadline, items
            time.sleep(0.1)
        assert "well kept" not in str(items)


def _items(client: Any, table: str, partition: str) -> list[Any]:
    found: list[Any] = client.query(
        TableName=table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": partition}},
        ConsistentRead=True,
    )["Items"]
    return found


def test_version_is_deleted_after_its_sessions(http: httpx.Client, version: str) -> None:
    """Given a version with a session, then it stays as long as the session does."""
    session = _opened(http, version)
    refused = http.delete(f"/versions/{version}")
    assert (refused.status_code, session in refused.json()["message"]) == (400, True)

    assert http.delete(f"/sessions/{session}").status_code == 204
    assert http.delete(f"/versions/{version}").status_code == 204
    assert http.get(f"/versions/{version}").status_code == 404
