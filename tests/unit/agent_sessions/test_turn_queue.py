"""Turn queue: messages of admitted turns, rejected ones, and redelivery after a failed run."""

from collections.abc import Iterator
from threading import Event
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from shared.agents.admission.documents import slot_from_message
from shared.agents.admission.domain import Slot
from shared.agents.admission.queue import TurnQueue
from shared.core.errors import Unavailable
from shared.core.ids import OrganizationId, SessionId
from shared.storage import redelivery
from shared.storage.redelivery import HIDDEN_SECONDS, redelivered_soon
from tests.support.storage import TURN_QUEUE_URL

ORGANIZATION = OrganizationId.new()


@pytest.fixture
def client(dynamodb_table: Any) -> Any:
    found = boto3.client("sqs")
    found.create_queue(QueueName=TURN_QUEUE_URL.rpartition("/")[2])
    return found


def slots(number: int) -> list[Slot]:
    return [Slot(ORGANIZATION, SessionId.new(), n, 2**47 + n) for n in range(number)]


def received(client: Any) -> Iterator[dict[str, Any]]:
    while found := client.receive_message(
        QueueUrl=TURN_QUEUE_URL, MaxNumberOfMessages=10, AttributeNames=["All"]
    ).get("Messages"):
        yield from found


def test_each_slot_is_a_message_in_the_group_of_its_organization(client: Any) -> None:
    sent = slots(23)
    TurnQueue(client, TURN_QUEUE_URL).send(sent)

    messages = list(received(client))
    assert {slot_from_message(one["Body"]) for one in messages} == set(sent)
    assert {one["Attributes"]["MessageGroupId"] for one in messages} == {str(ORGANIZATION)}


class Rejecting:
    """Client of a queue that rejects an entry a number of times, or does not answer."""

    def __init__(self, times: int, *, silent: bool = False) -> None:
        self.times = times
        self.silent = silent
        self.accepted: list[Slot] = []

    def send_message_batch(self, *, Entries: Any, **_: Any) -> Any:  # noqa: N803  # AWS's name
        rejects = self.times > 0
        self.times -= 1
        if rejects and self.silent:
            raise EndpointConnectionError(endpoint_url="https://sqs")
        entries = Entries[1:] if rejects else Entries
        self.accepted += [slot_from_message(one["MessageBody"]) for one in entries]
        return {"Failed": [{"Id": Entries[0]["Id"]}]} if rejects else {}


@pytest.mark.parametrize("silent", [False, True])
def test_rejected_messages_are_sent_again(silent: bool) -> None:
    client, sent = Rejecting(2, silent=silent), slots(4)
    TurnQueue(client, "", sleep=lambda _: None).send(sent)
    assert set(client.accepted) == set(sent)
    assert len(client.accepted) == 4


def test_queue_that_keeps_rejecting_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="queue of turns"):
        TurnQueue(Rejecting(3), "", sleep=lambda _: None).send(slots(4))


class Hidden:
    """Queue that records for how long messages are hidden."""

    def __init__(self) -> None:
        self.seconds: list[int] = []
        self.extended = Event()

    def hide(self, _: str, seconds: int) -> None:
        self.seconds.append(seconds)
        if len(self.seconds) > 1:
            self.extended.set()


def test_message_is_hidden_again_while_its_run_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redelivery, "_INTERVAL", 0.01)
    queue: Any = Hidden()
    with redelivered_soon(queue, "handle"):
        assert queue.seconds[0] == HIDDEN_SECONDS
        assert queue.extended.wait(5)
    ended = len(queue.seconds)
    assert set(queue.seconds) == {HIDDEN_SECONDS}
    assert len(queue.seconds) == ended


def test_message_of_a_failed_run_is_delivered_again_within_seconds() -> None:
    queue: Any = Hidden()
    with pytest.raises(RuntimeError, match="a defect"), redelivered_soon(queue, "handle"):
        raise RuntimeError("a defect")
    assert queue.seconds == [HIDDEN_SECONDS, 5]


def test_run_goes_on_where_its_message_cannot_be_hidden(client: Any) -> None:
    with redelivered_soon(TurnQueue(client, TURN_QUEUE_URL), "no handle of this queue"):
        done = True
    assert done
