"""Simulations in this process: the queue of steps, delivered to the function that runs them."""

import importlib
import json
from collections import Counter

import boto3

from shared.changes.detection import change_of
from shared.storage.streams import stream_records
from tests.support.storage import SIMULATION_QUEUE_URL
from tests.support.table_stream import PUBLISH_CHANGES, Entry, passes
from tests.support.turns import DISPATCH_TURNS, Model, Turns
from tests.support.watch import outside

RUN_SIMULATION = "triggers.run_simulation"
_CONTEXT = type("Context", (), {"aws_request_id": "step"})()


class SimulationRuns:
    """Runs steps as their queue delivers them, and the turns of agents in between.

    ``invocations`` counts those of functions, by name, if each got one record.
    """

    def __init__(self, model: Model | None = None) -> None:
        self.invocations: Counter[str] = Counter()
        self._turns = Turns(model)
        self._client = boto3.client("sqs")
        self._handler = importlib.import_module(f"functions.{RUN_SIMULATION}").handler

    def run(self, most: int = 1000) -> int:
        """Deliver messages until none is left; return the number of steps."""
        steps = 0
        while True:
            handled = self.work() + self._run_turns()
            steps += handled
            assert steps < most, "the queue does not end"
            if not handled:
                return steps

    def work(self) -> int:
        """Deliver the messages that are in the queue now."""
        bodies = self._receive()
        for body in bodies:
            self.deliver(body)
        return len(bodies)

    def deliver(self, body: str, attempt: int = 1) -> None:
        """Deliver one message."""
        self.invocations["run_simulation"] += 1
        record = {
            "messageId": "step",
            "receiptHandle": "no handle",
            "body": body,
            "attributes": {"ApproximateReceiveCount": str(attempt)},
        }
        self._handler({"Records": [record]}, _CONTEXT)

    def _receive(self) -> list[str]:
        bodies = []
        with outside():
            while found := self._client.receive_message(
                QueueUrl=SIMULATION_QUEUE_URL, MaxNumberOfMessages=10
            ).get("Messages"):
                for one in found:
                    bodies.append(one["Body"])
                    self._client.delete_message(
                        QueueUrl=SIMULATION_QUEUE_URL, ReceiptHandle=one["ReceiptHandle"]
                    )
        return bodies

    def _run_turns(self) -> int:
        """Run the turns of agents that were started, and deliver their ends as the bus does."""
        delivered = 0
        while entries := self._turns.stream.read():
            starting = [one for one in entries if passes(DISPATCH_TURNS, one)]
            if starting:
                self.invocations["dispatch_turns"] += len(starting)
                self._turns.dispatch(*starting)
                self.invocations["run_turn"] += self._turns.work()
            delivered += self._deliver_ends(entries)
        return delivered

    def _deliver_ends(self, entries: list[Entry]) -> int:
        published = [one for one in entries if passes(PUBLISH_CHANGES, one)]
        self.invocations["publish_changes"] += len(published)
        changes = [change_of(one) for one in stream_records({"Records": published})]
        ends = [
            one
            for one in changes
            if one and one.name in ("turn.completed", "turn.failed") and "simulation" in one.details
        ]
        for end in ends:
            self.deliver(json.dumps({"detail-type": end.name, "detail": end.detail()}))
        return len(ends)
