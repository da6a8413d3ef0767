"""What the stream's function puts on the bus."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from moto import mock_aws

from functions.triggers import publish_changes
from shared.agents.turn_marks import ANSWERED, FAILED
from shared.changes import event_bridge as bus_module
from shared.changes.detection import SUBJECTS
from shared.changes.event_bridge import event_bridge
from shared.core.ids import EventId, SessionId
from shared.core.settings import settings
from shared.sessions.event_items import event_items
from shared.sessions.models import Event
from shared.storage.records import Record
from tests.support.streams import stream_event
from tests.support.template import functions
from tests.unit.triggers.changed import FIRST, ORGANIZATION, item


class Listener:
    """A queue that gets whatever the bus gets."""

    def __init__(self) -> None:
        events, self._queues = boto3.client("events"), boto3.client("sqs")
        self._url = self._queues.create_queue(QueueName="listener")["QueueUrl"]
        arn = self._queues.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])
        events.create_event_bus(Name="changes")
        events.put_rule(
            Name="all", EventBusName="changes", EventPattern='{"source":["agent-sessions"]}'
        )
        events.put_targets(
            Rule="all",
            EventBusName="changes",
            Targets=[{"Id": "listener", "Arn": arn["Attributes"]["QueueArn"]}],
        )

    def heard(self) -> list[dict[str, Any]]:
        heard = []
        while found := self._queues.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            heard += [json.loads(message["Body"]) for message in found]
        return heard


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    for name, value in {
        "TABLE_NAME": "t",
        "EVENT_BUS_NAME": "changes",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        settings.cache_clear()
        event_bridge.cache_clear()
        yield Listener()
    settings.cache_clear()
    event_bridge.cache_clear()


def test_new_session_reaches_a_listener_of_the_bus(listener: Listener) -> None:
    event = stream_event((None, item()))

    answer = publish_changes.handler(event, None)

    [heard] = listener.heard()
    assert answer == {"batchItemFailures": []}
    assert heard["source"] == "agent-sessions"
    assert heard["detail-type"] == "session.created"
    assert heard["detail"] == {
        "id": event["Records"][0]["eventID"],
        "organization_id": str(ORGANIZATION),
        "session_id": str(FIRST),
        "kind": "agent",
        "version": 1,
        "occurred_at": "2025-10-09T08:53:20.000000Z",
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
def test_write_becomes_the_change_that_users_would_name(
    listener: Listener, old: Record | None, new: Record | None, name: str | None
) -> None:
    publish_changes.handler(stream_event((old, new)), None)

    assert [event["detail-type"] for event in listener.heard()] == ([name] if name else [])


@pytest.mark.parametrize(
    ("item_type", "kind", "shown"),
    [
        ("agent_session", "agent", str(FIRST)),
        ("evaluation_session", "evaluation", str(FIRST)),
        ("playground_session", "playground", str(FIRST.uuid)),
    ],
)
def test_session_is_named_as_its_own_endpoints_name_it(
    listener: Listener, item_type: str, kind: str, shown: str
) -> None:
    publish_changes.handler(stream_event((None, item(kind=item_type))), None)

    [heard] = listener.heard()
    assert heard["detail"]["kind"] == kind
    assert heard["detail"]["session_id"] == shown


def test_nothing_that_was_said_is_published(listener: Listener) -> None:
    publish_changes.handler(stream_event((None, item()), (item(), item(version=2))), None)

    assert "what was said" not in json.dumps(listener.heard())


def test_many_changes_arrive_all_and_in_the_order_of_their_session(listener: Listener) -> None:
    sessions = [SessionId.new() for _ in range(15)]
    writes = [(None, item(session)) for session in sessions]
    changes = [(item(FIRST, version), item(FIRST, version + 1)) for version in range(1, 6)]

    publish_changes.handler(stream_event(*writes, *changes), None)

    heard = listener.heard()
    assert len(heard) == 20
    versions = [e["detail"]["version"] for e in heard if e["detail"]["session_id"] == str(FIRST)]
    assert versions == [2, 3, 4, 5, 6]


def test_same_write_handed_over_twice_has_the_same_id(listener: Listener) -> None:
    event = stream_event((None, item()))

    publish_changes.handler(event, None)
    publish_changes.handler(event, None)

    first, second = listener.heard()
    assert first["detail"] == second["detail"]


def test_stream_is_filtered_to_what_is_published() -> None:
    [properties] = [
        function
        for function in functions().values()
        if function["Handler"] == "triggers.publish_changes.handler"
    ]
    stream = properties["Events"]["Stream"]["Properties"]
    patterns = [json.loads(one["Pattern"]) for one in stream["FilterCriteria"]["Filters"]]

    written = patterns[0]["dynamodb"]["NewImage"]["type"]["S"]
    removed = patterns[1]["dynamodb"]["OldImage"]["type"]["S"]
    assert set(written) == set(removed) == set(SUBJECTS)
    assert stream["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert stream["DestinationConfig"]["OnFailure"]["Type"] == "SQS"


def test_bus_is_asked_with_time_outs(listener: Listener) -> None:
    config: Any = bus_module.event_bridge()._client.meta.config

    assert config.connect_timeout + config.read_timeout <= 4


@pytest.mark.parametrize("ending", ["completed", "failed"])
def test_end_of_a_turn_is_published_with_its_id_and_nothing_of_what_was_said(
    listener: Listener, ending: str
) -> None:
    turn_id = f"turn_{'a' * 32}"
    told = {"turn_id": turn_id, "error": "what was said"}
    said = ("output.message.completed", {"message": "what was said"})
    now = datetime.now(UTC)
    events = [
        Event(id=EventId.new(), type=name, sequence=place, at=now, context=told, data=data)
        for place, (name, data) in enumerate([said, (f"turn.{ending}", told)], 5)
    ]
    partition = f"{ORGANIZATION}#session#{FIRST.hex}"
    [item] = event_items(partition, events, marks={"turn": ending})

    publish_changes.handler(stream_event((None, item)), None)
    publish_changes.handler(stream_event((item, None)), None)

    [heard] = listener.heard()
    assert heard["detail-type"] == f"turn.{ending}"
    assert {key: heard["detail"][key] for key in ("session_id", "kind", "turn_id", "version")} == {
        "session_id": str(FIRST),
        "kind": "agent",
        "turn_id": turn_id,
        "version": 1,
    }
    assert "what was said" not in json.dumps(heard)


def test_stream_is_filtered_to_the_ends_of_turns() -> None:
    [properties] = [
        function
        for function in functions().values()
        if function["Handler"] == "triggers.publish_changes.handler"
    ]
    filters = properties["Events"]["Stream"]["Properties"]["FilterCriteria"]["Filters"]
    pattern = json.loads(filters[2]["Pattern"])
    assert pattern["eventName"] == ["INSERT"]
    marked = pattern["dynamodb"]["NewImage"]["mark_turn"]["S"]
    assert [{"turn": one} for one in marked] == [ANSWERED, FAILED]
