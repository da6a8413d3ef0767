"""Changes reach a listener on the deployed bus: table, stream, filter, function, bus."""

import json
import time
from collections.abc import Iterator
from typing import Any

import boto3
import httpx
import pytest

from local.settings import REGION, STACK_NAME
from tests.support.running_stack import RunningStack
from tests.support.waiting import PATIENCE


class Listener:
    """A queue behind a rule of the stack's bus."""

    def __init__(self, stack: RunningStack) -> None:
        session = boto3.Session("test", "test", region_name=REGION)
        self._queues = session.client("sqs", endpoint_url=stack.aws_endpoint_url)
        events = session.client("events", endpoint_url=stack.aws_endpoint_url)
        self._url = self._queues.create_queue(QueueName="changes-listener")["QueueUrl"]
        arn = self._queues.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])
        bus = STACK_NAME  # template.yaml names the bus after the stack
        events.put_rule(
            Name="listener", EventBusName=bus, EventPattern='{"source": ["agent-sessions"]}'
        )
        events.put_targets(
            Rule="listener",
            EventBusName=bus,
            Targets=[{"Id": "queue", "Arn": arn["Attributes"]["QueueArn"]}],
        )

    def about(self, identifier: str, wanted: int) -> list[dict[str, Any]]:
        """Return what is heard of a thing, once that much is, or after a while."""
        heard: list[dict[str, Any]] = []
        deadline = time.monotonic() + PATIENCE
        while len(heard) < wanted and time.monotonic() < deadline:
            found = self._queues.receive_message(
                QueueUrl=self._url, MaxNumberOfMessages=10, WaitTimeSeconds=1
            ).get("Messages", [])
            for message in found:
                self._queues.delete_message(
                    QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"]
                )
            events = [json.loads(message["Body"]) for message in found]
            heard += [event for event in events if identifier in event["detail"].values()]
        return heard


@pytest.fixture
def listener(stack: RunningStack) -> Listener:
    return Listener(stack)


@pytest.fixture
def api(stack: RunningStack) -> Iterator[httpx.Client]:
    headers = {"x-api-key": stack.api_key}
    with httpx.Client(base_url=stack.api_url, headers=headers, timeout=PATIENCE) as client:
        yield client


def test_session_is_heard_of_from_its_opening_on(api: httpx.Client, listener: Listener) -> None:
    """Given a listener, when a session is opened and spoken in, then it hears both, in order."""
    agent = api.post("/v1/agents", json={"name": "Ada", "system_prompt": "You help."}).json()
    session = api.post("/v1/sessions", json={"agent_id": agent["id"]}).json()
    message = {"message": {"content": [{"type": "text", "text": "My number is 4711."}]}}
    api.post(f"/v1/sessions/{session['id']}/messages", json=message).raise_for_status()

    heard = listener.about(session["id"], wanted=2)

    assert [event["detail-type"] for event in heard[:2]] == ["session.created", "session.updated"]
    assert [event["detail"]["version"] for event in heard[:2]] == [1, 2]
    assert {event["detail"]["kind"] for event in heard} == {"agent"}
    assert "4711" not in json.dumps(heard)
