"""Example events of the authorizer, of the fallback and of the triggers."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from local.examples.example import ORGANIZATION, example_id
from local.examples.reports import RUN_ID
from local.examples.traces import SPAN
from local.gateway_event import gateway_event
from shared.agents.admission.documents import slot_to_message
from shared.agents.admission.domain import Slot
from shared.core.clock import timestamp
from shared.core.ids import EvaluationId, SessionId
from shared.imports.envelopes import Envelope
from shared.runs.simulations.queue import Step, step_to_message
from shared.sessions.domain import Event, SessionKind, event_id
from shared.sessions.event_documents import event_items
from shared.storage.records import BY_LIST, IndexEntry, Key, Record, to_item
from shared.traces.queue import message_of

#: A well-formed key of no stack, for the authorizer.
API_KEY = "gsk_" + "Example0" * 5

_NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
_SESSION = SessionId(example_id("/v1/sessions"))
_SESSION_RECORD = Record(
    key=Key(f"{ORGANIZATION}#session#{_SESSION.hex}", "session"),
    type="agent_session",
    index_entries={
        BY_LIST: IndexEntry(f"{ORGANIZATION}#agent-sessions", f"{timestamp(_NOW)}#{_SESSION.hex}")
    },
    body={"id": _SESSION.hex},
)


def _authorizer() -> dict[str, Any]:
    headers = {"Accept": "application/json", "x-api-key": API_KEY}
    return {
        "type": "REQUEST",
        "methodArn": "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/api/GET/v1/sessions",
        "resource": "/v1/sessions",
        "path": "/v1/sessions",
        "httpMethod": "GET",
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {},
        "pathParameters": {},
        "stageVariables": {},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "stage": "api",
            "resourcePath": "/v1/sessions",
            "httpMethod": "GET",
            "path": "/api/v1/sessions",
            "requestId": "5b1ac2c1-6a4e-4a8a-9a0d-3f9d0c7b8a11",
            "identity": {"sourceIp": "203.0.113.7"},
        },
    }


def _preflight() -> dict[str, Any]:
    return gateway_event(
        "OPTIONS",
        "/v1/agents",
        "/api/v1/agents",
        parameters={},
        query=(),
        headers={
            "Origin": "https://app.example.com",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,x-api-key",
        },
        body=None,
        context={"requestId": "5b1ac2c1-6a4e-4a8a-9a0d-3f9d0c7b8a11", "stage": "api"},
    )


#: What an event has beside its records if the mapping has a tumbling window.
WINDOW: dict[str, Any] = {
    "window": {"start": "2026-03-01T09:30:00Z", "end": "2026-03-01T09:45:00Z"},
    "state": {},
    "shardId": "shardId-00000001772355600000-0a1b2c3d",
    "isFinalInvokeForWindow": False,
    "isWindowTerminatedEarly": False,
}


def stream_event(*writes: tuple[Record | None, Record | None]) -> dict[str, Any]:
    """Return the event of a table stream for writes, each the item before and after."""
    return {"Records": [_write(number, *write) for number, write in enumerate(writes, 1)]}


def _write(number: int, old: Record | None, new: Record | None) -> dict[str, Any]:
    images = {"OldImage": old, "NewImage": new}
    subject = new or old or _SESSION_RECORD
    name = "MODIFY" if old and new else "INSERT" if new else "REMOVE"
    return {
        "eventID": f"{number:032x}",
        "eventName": name,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-west-1",
        "dynamodb": {
            "ApproximateCreationDateTime": _NOW.timestamp(),
            "Keys": subject.key.attributes(),
            **{name: to_item(image, shards=2) for name, image in images.items() if image},
            "SequenceNumber": f"{number:021d}",
            "SizeBytes": 512,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": (
            "arn:aws:dynamodb:eu-west-1:123456789012:table/agent-sessions/stream/"
            "2026-03-01T00:00:00.000"
        ),
    }


def _scheduled(rule: str) -> dict[str, Any]:
    return {
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-03-01T09:30:00Z",
        "region": "eu-west-1",
        "resources": [f"arn:aws:events:eu-west-1:123456789012:rule/{rule}"],
        "detail": {},
    }


def _deleted() -> dict[str, Any]:
    """Return the event of a deleted session; docs/events.md has the fields."""
    return _scheduled("agent-sessions-purge") | {
        "detail-type": "session.deleted",
        "source": "agent-sessions",
        "resources": [],
        "detail": {
            "id": "2c1b0f9f3d7f4b0c8a8d0b7c9e5f6a11",
            "organization_id": str(ORGANIZATION),
            "session_id": str(_SESSION),
            "kind": "agent",
            "version": 3,
            "occurred_at": timestamp(_NOW),
        },
    }


def _requested() -> dict[str, Any]:
    """Return the event of an evaluation that waits for the judge."""
    session_id = SessionId(example_id("/sessions"))
    example = example_id("/evaluations/fromSession", "0")
    detail = {
        "id": "2c1b0f9f3d7f4b0c8a8d0b7c9e5f6a12",
        "organization_id": str(ORGANIZATION),
        "session_id": str(session_id),
        "kind": "evaluation",
        "evaluation_id": str(EvaluationId.of(session_id, example)),
        "version": 1,
        "occurred_at": timestamp(_NOW),
    }
    return _deleted() | {"detail-type": "evaluation.requested", "detail": detail}


#: First message of the example's session, as stored in its event log.
_MESSAGE_RECORD = event_items(
    _SESSION_RECORD.key.partition,
    [
        Event(
            id=event_id(_SESSION, 1, _NOW),
            type="input.message",
            sequence=1,
            at=_NOW,
            data={
                "message": {
                    "id": "message_" + "0" * 32,
                    "role": "user",
                    "content": [{"type": "text", "text": "Where is my order 4711?"}],
                }
            },
        )
    ],
    stream_attributes={"starts_turn": "yes", "waits_since": timestamp(_NOW)},
)[0]
_ENVELOPE = Envelope(
    organization_id=ORGANIZATION,
    kind=SessionKind.AGENT,
    import_name="march",
    sent_at=_NOW,
    conversation={
        "id": "call-0001",
        "agent": "Order desk",
        "messages": [
            {"role": "user", "content": "Where is my order 4711?"},
            {"role": "assistant", "content": "It arrives on Tuesday."},
        ],
    },
)


def _queue(name: str, *bodies: str) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": f"{number:08d}-0000-4000-8000-000000000000",
                "receiptHandle": "handle",
                "body": body,
                "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1772357400000"},
                "messageAttributes": {},
                "md5OfBody": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:eu-west-1:123456789012:agent-sessions-{name}",
                "awsRegion": "eu-west-1",
            }
            for number, body in enumerate(bodies, 1)
        ]
    }


LAMBDA_EVENTS = {
    "triggers.assemble_traces": _queue("traces", message_of(ORGANIZATION, [SPAN["traceId"]])),
    "triggers.import_sessions": _queue("import", _ENVELOPE.to_body()),
    "triggers.expire_approvals": _scheduled("agent-sessions-expire-approvals"),
    "identity.authorizer": _authorizer(),
    "service.fallback": _preflight(),
    "triggers.publish_changes": stream_event(
        (None, _SESSION_RECORD),
        (_SESSION_RECORD, replace(_SESSION_RECORD, version=2)),
        (replace(_SESSION_RECORD, version=2), None),
    )
    | WINDOW,
    "triggers.dispatch_turns": stream_event((None, _MESSAGE_RECORD)),
    "triggers.judge_evaluations": _queue("judge", json.dumps(_requested())),
    "triggers.run_turn": _queue("turns", slot_to_message(Slot(ORGANIZATION, _SESSION, 0, 1))),
    "triggers.run_simulation": _queue(
        "simulations", step_to_message(Step(ORGANIZATION, RUN_ID, 0, 0))
    ),
    "triggers.sweep_runs": _scheduled("agent-sessions-sweep-runs"),
    "triggers.sweep_turns": _scheduled("agent-sessions-sweep-turns"),
    "triggers.purge_sessions": _deleted(),
}
