"""What becomes of changes that the bus refuses: sent again, in order, and handed over anew."""

from itertools import count
from typing import Any

import boto3
import pytest
from botocore.exceptions import ConnectTimeoutError
from botocore.stub import ANY, Stubber

from functions.triggers import publish_changes
from shared.changes.event_bridge import EventBridge
from tests.support.streams import stream_event
from tests.unit.triggers.changed import FIRST, SECOND, item


class Refusing:
    """A bus whose answers are laid down; it tells what it was asked to publish."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answers: list[list[str | None]]) -> None:
        client = boto3.client(
            "events", "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
        )
        self.stubber = Stubber(client)
        self.pauses: list[float] = []
        for codes in answers:
            entries = [{"ErrorCode": code} if code else {"EventId": "1"} for code in codes]
            failed = sum(code is not None for code in codes)
            self.stubber.add_response(
                "put_events", {"FailedEntryCount": failed, "Entries": entries}, {"Entries": ANY}
            )
        bus = EventBridge(client, "changes", sleep=self.pauses.append)
        monkeypatch.setattr(publish_changes, "event_bridge", lambda: bus)
        self.stubber.activate()


def test_refused_entry_is_sent_again_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    bus = Refusing(monkeypatch, [[None, "ThrottlingException"], [None]])
    event = stream_event((None, item(FIRST)), (None, item(SECOND)))

    answer = publish_changes.handler(event, None)

    assert answer == {"batchItemFailures": []}
    assert len(bus.pauses) == 1
    bus.stubber.assert_no_pending_responses()


def test_batch_is_taken_up_again_at_the_first_change_not_published(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refused = "InternalFailure"
    bus = Refusing(monkeypatch, [[None, refused], [refused], [refused]])
    event = stream_event(
        (None, item(FIRST)),
        (None, item(SECOND)),
        (item(SECOND), item(SECOND, version=2)),
    )

    answer = publish_changes.handler(event, None)

    # The second change of the refused one's session is not sent: it would come first.
    position = event["Records"][1]["dynamodb"]["SequenceNumber"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": position}]}
    bus.stubber.assert_no_pending_responses()


def test_silent_bus_leaves_the_batch_to_be_handed_over_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bus = Refusing(monkeypatch, [])
    tries = count(1)

    def silent(**_: Any) -> None:
        next(tries)
        raise ConnectTimeoutError(endpoint_url="https://events")

    monkeypatch.setattr(bus.stubber.client, "put_events", silent)
    event = stream_event((None, item()))

    answer = publish_changes.handler(event, None)

    position = event["Records"][0]["dynamodb"]["SequenceNumber"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": position}]}
    assert next(tries) == 4


def test_unreadable_record_fails_the_batch_so_that_it_is_divided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Refusing(monkeypatch, [])
    event = stream_event((None, item()))
    del event["Records"][0]["dynamodb"]["NewImage"]

    with pytest.raises(ValueError, match="no image"):
        publish_changes.handler(event, None)
