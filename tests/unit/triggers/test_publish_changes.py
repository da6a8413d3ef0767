"""Published changes: from the table's stream to the event bus."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import boto3
import pytest
from botocore.exceptions import ConnectTimeoutError
from botocore.stub import ANY, Stubber
from moto import mock_aws

from functions.triggers import publish_changes
from local.examples.lambda_events import stream_event
from shared.agents.turns.stream_attributes import COMPLETED, FAILED
from shared.changes.detection import SUBJECTS
from shared.changes.event_bridge import EventBridge
from shared.changes.wiring import event_bridge
from shared.core.ids import EventId, OrganizationId, SessionId
from shared.sessions.domain import Event
from shared.sessions.event_documents import event_items
from shared.storage.records import BY_LIST, IndexEntry, Key, Record
from tests.support.bus_listener import BusListener
from tests.support.storage import forget_process_state, set_variables
from tests.support.template import functions

ORGANIZATION = OrganizationId.new()
FIRST = SessionId.parse("session_01a200b2822779769ab33f1cec84cc79")
SECOND = SessionId.parse("session_01a200b2826576f488b7543b2944eef9")
SECRET = "what the user wrote"
DONE: dict[str, Any] = {"batchItemFailures": [], "state": {}}


def item(
    session: SessionId = FIRST, version: int = 1, kind: str = "agent_session", listed: bool = True
) -> Record:
    entry = IndexEntry(f"{ORGANIZATION}#agent-sessions", session.hex)
    return Record(
        key=Key(f"{ORGANIZATION}#session#{session.hex}", "session"),
        type=kind,
        version=version,
        index_entries={BY_LIST: entry} if listed else {},
        body={"state": {"preview": SECRET}},
    )


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[BusListener]:
    """A listener of the bus that the function publishes on."""
    set_variables(monkeypatch, TABLE_NAME="t", EVENT_BUS_NAME="changes")
    with mock_aws():
        forget_process_state()
        events = boto3.client("events")
        events.create_event_bus(Name="changes")
        yield BusListener(events, boto3.client("sqs"), "changes")
    forget_process_state()


def received(bus: BusListener) -> list[dict[str, Any]]:
    return [event for batch in iter(bus.receive, []) for event in batch]


def test_created_session_is_published(bus: BusListener) -> None:
    event = stream_event((None, item()))

    answer = publish_changes.handler(event, None)

    [published] = received(bus)
    assert answer == DONE
    assert published["source"] == "agent-sessions"
    assert published["detail-type"] == "session.created"
    assert published["detail"] == {
        "id": event["Records"][0]["eventID"],
        "organization_id": str(ORGANIZATION),
        "session_id": str(FIRST),
        "kind": "agent",
        "version": 1,
        "occurred_at": "2026-03-01T09:30:00.000000Z",
    }


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        (None, item(), "session.created"),
        (item(), item(version=2), "session.updated"),
        (item(version=2), None, "session.deleted"),
        (item(), item(version=2, listed=False), "session.deleted"),
        (item(version=2, listed=False), None, None),
        (None, item(kind="agent"), "agent.created"),
        (item(kind="scenario"), item(kind="scenario", version=2), "scenario.updated"),
        (item(kind="workflow"), None, "workflow.deleted"),
        (None, item(kind="events"), None),
        (None, item(kind="api_key"), None),
    ],
)
def test_write_is_published_as_the_change_of_its_entity(
    bus: BusListener, old: Record | None, new: Record | None, name: str | None
) -> None:
    publish_changes.handler(stream_event((old, new)), None)

    published = received(bus)
    assert [event["detail-type"] for event in published] == ([name] if name else [])
    assert SECRET not in json.dumps(published)


@pytest.mark.parametrize(
    ("item_type", "kind", "session_id"),
    [
        ("agent_session", "agent", str(FIRST)),
        ("evaluation_session", "evaluation", str(FIRST)),
        ("playground_session", "playground", str(FIRST.uuid)),
    ],
)
def test_session_id_has_the_form_of_its_endpoints(
    bus: BusListener, item_type: str, kind: str, session_id: str
) -> None:
    publish_changes.handler(stream_event((None, item(kind=item_type))), None)

    [published] = received(bus)
    assert published["detail"]["kind"] == kind
    assert published["detail"]["session_id"] == session_id


def test_many_changes_are_published_in_the_order_of_their_session(bus: BusListener) -> None:
    sessions = [SessionId.new() for _ in range(15)]
    creations = [(None, item(session)) for session in sessions]
    updates = [(item(FIRST, version), item(FIRST, version + 1)) for version in range(1, 6)]

    publish_changes.handler(stream_event(*creations, *updates), None)

    published = [event["detail"] for event in received(bus)]
    assert len(published) == 20
    versions = [one["version"] for one in published if one["session_id"] == str(FIRST)]
    assert versions == [2, 3, 4, 5, 6]


def test_redelivered_write_is_published_with_the_same_id(bus: BusListener) -> None:
    event = stream_event((None, item()))

    publish_changes.handler(event, None)
    publish_changes.handler(event, None)

    first, second = received(bus)
    assert first["detail"] == second["detail"]


def test_client_timeouts_stay_below_the_functions(bus: BusListener) -> None:
    config: Any = event_bridge()._client.meta.config

    assert config.connect_timeout + config.read_timeout <= 4


@pytest.mark.parametrize("outcome", ["completed", "failed"])
def test_turn_end_is_published_once_without_content(bus: BusListener, outcome: str) -> None:
    turn_id = f"turn_{'a' * 32}"
    data = {"turn_id": turn_id, "error": SECRET}
    message = ("output.message.completed", {"message": SECRET})
    now = datetime.now(UTC)
    events = [
        Event(id=EventId.new(), type=name, sequence=sequence, at=now, context=data, data=payload)
        for sequence, (name, payload) in enumerate([message, (f"turn.{outcome}", data)], 5)
    ]
    partition = f"{ORGANIZATION}#session#{FIRST.hex}"
    [item] = event_items(partition, events, stream_attributes={"turn": outcome})

    publish_changes.handler(stream_event((None, item)), None)
    publish_changes.handler(stream_event((item, None)), None)

    [published] = received(bus)
    assert published["detail-type"] == f"turn.{outcome}"
    expected = {"session_id": str(FIRST), "kind": "agent", "turn_id": turn_id, "version": 1}
    assert published["detail"].items() >= expected.items()
    assert SECRET not in json.dumps(published)


def test_streams_filter_matches_what_is_published() -> None:
    [properties] = [
        function
        for function in functions().values()
        if function["Handler"] == "triggers.publish_changes.handler"
    ]
    stream = properties["Events"]["Stream"]["Properties"]
    patterns = [json.loads(one["Pattern"]) for one in stream["FilterCriteria"]["Filters"]]
    written = patterns[0]["dynamodb"]["NewImage"]["type"]["S"]
    removed = patterns[1]["dynamodb"]["OldImage"]["type"]["S"]
    turn_ends = patterns[2]["dynamodb"]["NewImage"]["mark_turn"]["S"]

    assert set(written) == set(removed) == set(SUBJECTS)
    assert patterns[2]["eventName"] == ["INSERT"]
    assert [{"turn": one} for one in turn_ends] == [COMPLETED, FAILED]
    assert stream["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert stream["DestinationConfig"]["OnFailure"]["Type"] == "SQS"


class StubbedBus:
    """Bus with prepared responses: the error codes of the entries of each request."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *responses: list[str | None]) -> None:
        client = boto3.client(
            "events", "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
        )
        self.stubber = Stubber(client)
        self.pauses: list[float] = []
        for codes in responses:
            entries = [{"ErrorCode": code} if code else {"EventId": "1"} for code in codes]
            failed = sum(code is not None for code in codes)
            self.stubber.add_response(
                "put_events", {"FailedEntryCount": failed, "Entries": entries}, {"Entries": ANY}
            )
        set_variables(monkeypatch, TABLE_NAME="t")
        forget_process_state()
        bus = EventBridge(client, "changes", sleep=self.pauses.append)
        monkeypatch.setattr(publish_changes, "event_bridge", lambda: bus)
        self.stubber.activate()


def resumed_at(event: dict[str, Any], record: int) -> dict[str, Any]:
    """Return the function's answer that has the stream deliver again from a record."""
    position = event["Records"][record]["dynamodb"]["SequenceNumber"]
    return {"batchItemFailures": [{"itemIdentifier": position}], "state": {}}


def test_rejected_entry_is_sent_again_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    bus = StubbedBus(monkeypatch, [None, "ThrottlingException"], [None])
    event = stream_event((None, item(FIRST)), (None, item(SECOND)))

    assert publish_changes.handler(event, None) == DONE
    assert len(bus.pauses) == 1
    bus.stubber.assert_no_pending_responses()


def test_batch_resumes_at_the_first_unpublished_change(monkeypatch: pytest.MonkeyPatch) -> None:
    rejected = "InternalFailure"
    bus = StubbedBus(monkeypatch, [None, rejected], [rejected], [rejected])
    event = stream_event(
        (None, item(FIRST)), (None, item(SECOND)), (item(SECOND), item(SECOND, version=2))
    )

    # The second change of the rejected one's session is not sent: it would come first.
    assert publish_changes.handler(event, None) == resumed_at(event, 1)
    bus.stubber.assert_no_pending_responses()


def test_unreachable_bus_leaves_the_batch_for_redelivery(monkeypatch: pytest.MonkeyPatch) -> None:
    bus = StubbedBus(monkeypatch)
    tries = count(1)

    def time_out(**_: Any) -> None:
        next(tries)
        raise ConnectTimeoutError(endpoint_url="https://events")

    monkeypatch.setattr(bus.stubber.client, "put_events", time_out)
    event = stream_event((None, item()))

    assert publish_changes.handler(event, None) == resumed_at(event, 0)
    assert next(tries) == 4


def test_unreadable_record_fails_the_batch_which_is_then_bisected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    StubbedBus(monkeypatch)
    event = stream_event((None, item()))
    del event["Records"][0]["dynamodb"]["NewImage"]

    with pytest.raises(ValueError, match="no image"):
        publish_changes.handler(event, None)
