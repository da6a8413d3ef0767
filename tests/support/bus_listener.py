"""Queue behind a rule of the event bus, which receives every change event."""

import json
from typing import Any


class BusListener:
    def __init__(self, events: Any, queues: Any, bus: str) -> None:
        self._queues = queues
        self._url = queues.create_queue(QueueName="listener")["QueueUrl"]
        arn = queues.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])
        rule = {"EventBusName": bus, "EventPattern": '{"source":["agent-sessions"]}'}
        events.put_rule(Name="listener", **rule)
        target = {"Id": "queue", "Arn": arn["Attributes"]["QueueArn"]}
        events.put_targets(Rule="listener", EventBusName=bus, Targets=[target])

    def receive(self, *, wait_seconds: int = 0) -> list[dict[str, Any]]:
        """Return up to ten events; none if none arrive in time."""
        messages = self._queues.receive_message(
            QueueUrl=self._url, MaxNumberOfMessages=10, WaitTimeSeconds=wait_seconds
        ).get("Messages", [])
        for message in messages:
            self._queues.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in messages]
