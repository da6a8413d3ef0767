"""Inference results as the data of their events, and back; keys are the API's field names."""

from dataclasses import fields
from typing import Any

from pydantic.alias_generators import to_camel

from shared.core.clock import moment, timestamp
from shared.core.ids import ApiKeyId, InferenceResultId
from shared.evaluations.event_types import INFERENCE_RESULT
from shared.evaluations.results.domain import InferenceResult, ResultStatus, Turn
from shared.evaluations.sessions.domain import EvaluationSession
from shared.sessions.domain import Event, NewEvent

_KEYS = {field.name: to_camel(field.name) for field in fields(Turn)}


def turn_event(turn: Turn, user_id: ApiKeyId) -> NewEvent:
    """Return the event that records a turn."""
    return NewEvent(type=INFERENCE_RESULT, data=_data(turn, user_id, version=1))


def result_data(result: InferenceResult) -> dict[str, Any]:
    """Return the event data of a recorded turn."""
    data = _data(result, result.user_id, result.version)
    return data | {"deletedAt": timestamp(result.deleted_at)} if result.deleted_at else data


def _data(turn: Turn, user_id: ApiKeyId, version: int) -> dict[str, Any]:
    values = {
        key: value for name, key in _KEYS.items() if (value := getattr(turn, name)) is not None
    }
    return {**values, "userId": str(user_id), "version": version}


def result_of_event(
    session: EvaluationSession, event: Event, index: int | None = None
) -> InferenceResult:
    """Return the turn of an event; its index is that in the session now unless given."""
    data = event.data
    values = {name: data[key] for name, key in _KEYS.items() if key in data}
    deleted_at = data.get("deletedAt")
    return InferenceResult(
        **{**values, "status": ResultStatus(data["status"])},
        id=InferenceResultId(session.id, event.sequence),
        session_id=session.id,
        user_id=ApiKeyId.parse(data["userId"]),
        index=session.index_of(event.sequence) if index is None else index,
        created_at=event.at,
        deleted_at=moment(deleted_at) if deleted_at else None,
        version=data["version"],
    )
