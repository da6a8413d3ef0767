"""Evaluation sessions and their turns as stored documents, and back."""

import hashlib
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from pydantic.alias_generators import to_camel

from shared.core.clock import moment, timestamp
from shared.core.ids import (
    ApiKeyId,
    InferenceResultId,
    OrganizationId,
    ProductId,
    TestCaseId,
    TestId,
    TypedId,
    VersionId,
)
from shared.evaluations.models import (
    EvaluationSession,
    InferenceResult,
    ResultStatus,
    SessionStatus,
    Turn,
    Usage,
)
from shared.sessions.documents import list_sort
from shared.sessions.models import Event, NewEvent, SessionKind
from shared.storage.records import BY_LINK, BY_PARENT, Key, Record, Row

#: The item that makes a custom id unique.
CUSTOM_ID = "custom_id"
#: What is told of one that exists already.
CUSTOM_ID_TAKEN = "customId: a session of this version has this customId already."
#: The event that a turn is, in its session's log.
INFERENCE_RESULT = "inference_result"


class EvaluationCodec:
    """How a stored session keeps what only an evaluation session has."""

    kind = SessionKind.EVALUATION

    def to_state(self, session: EvaluationSession) -> dict[str, Any]:
        return {
            "version_id": str(session.version_id),
            "product_id": str(session.product_id),
            "user_id": str(session.user_id),
            "test_case_id": session.test_case_id and str(session.test_case_id),
            "test_id": session.test_id and str(session.test_id),
            "custom_id": session.custom_id,
            "context": session.context,
            "metadata": session.metadata,
            "status": session.status.value,
            "stopping_reason": session.stopping_reason,
            "error": session.error,
            "is_production": session.is_production,
            "deleted_at": session.deleted_at and timestamp(session.deleted_at),
            "usage": asdict(session.usage),
            "deleted_turns": list(session.deleted_turns),
        }

    def from_state(self, common: dict[str, Any], state: dict[str, Any]) -> EvaluationSession:
        test_case, test = state["test_case_id"], state["test_id"]
        return EvaluationSession(
            **common,
            version_id=VersionId.parse(state["version_id"]),
            product_id=ProductId.parse(state["product_id"]),
            user_id=ApiKeyId.parse(state["user_id"]),
            test_case_id=TestCaseId.parse(test_case) if test_case else None,
            test_id=TestId.parse(test) if test else None,
            custom_id=state["custom_id"],
            context=state["context"],
            metadata=state["metadata"],
            status=SessionStatus(state["status"]),
            stopping_reason=state["stopping_reason"],
            error=state["error"],
            is_production=state["is_production"],
            deleted_at=moment(state["deleted_at"]) if state["deleted_at"] else None,
            usage=Usage(**state["usage"]),
            deleted_turns=tuple(state.get("deleted_turns", ())),
        )

    def rows(self, session: EvaluationSession) -> dict[str, Row]:
        organization_id = session.organization_id
        place = list_sort(session.created_at, session.id.hex)
        rows = {BY_PARENT: Row(sessions_list(organization_id, session.version_id), place)}
        if session.test_case_id is not None:
            rows[BY_LINK] = Row(sessions_list(organization_id, session.test_case_id), place)
        return rows


def sessions_list(organization_id: OrganizationId, parent_id: TypedId) -> str:
    """Return the name of the list of the sessions of a version or of a test case."""
    return f"{organization_id}#{parent_id}#sessions"


def custom_id_key(
    organization_id: OrganizationId, custom_id: str, version_id: VersionId | None = None
) -> Key:
    """Return the key of the item that holds a custom id for one session of a version.

    All versions' items of one custom id share a partition: one query finds them. By
    digest: a custom id may be longer than a key, and hold what a key cannot.
    """
    digest = hashlib.sha256(custom_id.encode(errors="surrogatepass")).hexdigest()
    return Key(f"{organization_id}#custom-id#{digest}", version_id.hex if version_id else "0")


def custom_id_record(session: EvaluationSession, custom_id: str) -> Record:
    """Return the item whose existence makes a custom id unique in a version."""
    return Record(
        key=custom_id_key(session.organization_id, custom_id, session.version_id),
        type=CUSTOM_ID,
        body={"session_id": str(session.id), "custom_id": custom_id},
    )


def claims_custom_id(record: Record | None) -> bool:
    """Tell whether an item is one that keeps a custom id from others."""
    return record is not None and record.type == CUSTOM_ID


def turn_data(turn: Turn, user_id: ApiKeyId, version: int = 1) -> dict[str, Any]:
    """Write a turn as the data of its event, under the API's own field names."""
    told = {
        key: value
        for name, key in _TURN_FIELDS.items()
        if (value := getattr(turn, name)) is not None
    }
    return {**told, "userId": str(user_id), "version": version}


def turn_to_event(turn: Turn, user_id: ApiKeyId) -> NewEvent:
    """Write a turn as the event that records it."""
    return NewEvent(type=INFERENCE_RESULT, data=turn_data(turn, user_id))


def deleted_turn_data(result: InferenceResult, deleted_at: datetime) -> dict[str, Any]:
    """Write what stays of a deleted turn in its place: nothing that was said."""
    nothing = Turn(status=result.status)
    return turn_data(nothing, result.user_id, result.version + 1) | {
        "deletedAt": timestamp(deleted_at)
    }


def result_from_event(session: EvaluationSession, event: Event) -> InferenceResult:
    """Read a turn from the event that records it."""
    data = event.data
    told = {name: data[key] for name, key in _TURN_FIELDS.items() if key in data}
    deleted_at = data.get("deletedAt")
    return InferenceResult(
        **{**told, "status": ResultStatus(data["status"])},
        id=InferenceResultId(session.id, event.sequence),
        session_id=session.id,
        user_id=ApiKeyId.parse(data["userId"]),
        index=session.index_of(event.sequence),
        created_at=event.at,
        deleted_at=moment(deleted_at) if deleted_at else None,
        version=data["version"],
    )


_TURN_FIELDS = {field.name: to_camel(field.name) for field in fields(Turn)}
