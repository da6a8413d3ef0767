"""Evaluations as stored items, and back.

An item is in the partition of its session, before the events: the readers of the log do not
meet it, and the purge of the session removes it.
"""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Any

from shared.core.clock import moment, timestamp
from shared.core.ids import (
    ApiKeyId,
    EvaluationId,
    InferenceResultId,
    MetricId,
    OrganizationId,
    ProductId,
    SessionId,
    TestCaseId,
    TestId,
    VersionId,
)
from shared.evaluations.evaluations.domain import Evaluation, EvaluationStatus
from shared.evaluations.list_names import children_list, creation_key
from shared.sessions.documents import session_key
from shared.storage.codec import Codec
from shared.storage.records import BY_LINK, BY_LIST, BY_PARENT, IndexEntry, Key, Record

EVALUATION = "evaluation"
#: Sorts behind the keys of all evaluations.
END = f"{EVALUATION}$"
#: Stream attribute of an evaluation that waits for the judge; see ``shared/changes/detection``.
_REQUESTED = {"evaluation": "requested"}
_TIMES = ("created_at", "evaluated_at")
_PARSERS: dict[str, Callable[[str], Any]] = {
    "id": EvaluationId.parse,
    "organization_id": OrganizationId.parse,
    "metric_id": MetricId.parse,
    "product_id": ProductId.parse,
    "version_id": VersionId.parse,
    "user_id": ApiKeyId.parse,
    "inference_result_id": InferenceResultId.parse,
    "test_case_id": TestCaseId.parse,
    "test_id": TestId.parse,
    "status": EvaluationStatus,
    **dict.fromkeys(_TIMES, moment),
}
_NAMES = [one.name for one in fields(Evaluation) if one.name != "version"]


class EvaluationCodec(Codec[Evaluation, EvaluationId]):
    """Stored form of an evaluation."""

    type = EVALUATION
    label = "Evaluation"

    def key(self, organization_id: OrganizationId, identifier: EvaluationId) -> Key:
        partition = session_key(organization_id, identifier.session_id).partition
        return Key(partition, f"{EVALUATION}#{identifier.number:016x}")

    def to_record(self, entity: Evaluation) -> Record:
        organization_id, sort = entity.organization_id, creation_key(entity)
        is_requested = entity.status is EvaluationStatus.PENDING
        values = {name: getattr(entity, name) for name in _NAMES}
        return Record(
            key=self.key(organization_id, entity.id),
            type=self.type,
            version=entity.version,
            body={name: _to_json(one) for name, one in values.items() if one is not None},
            index_entries={
                BY_LIST: IndexEntry(list_of_all(organization_id), sort),
                BY_PARENT: IndexEntry(
                    children_list(organization_id, entity.version_id, EVALUATION), sort
                ),
                BY_LINK: IndexEntry(
                    children_list(organization_id, entity.metric_id, EVALUATION), sort
                ),
            },
            stream_attributes=_REQUESTED if is_requested else {},
        )

    def from_record(self, record: Record) -> Evaluation:
        return evaluation_of(record.body, record.version)


def evaluation_of(body: dict[str, Any], version: int) -> Evaluation:
    """Return the evaluation of a document."""
    values = {
        name: _PARSERS[name](value) if name in _PARSERS else value for name, value in body.items()
    }
    return Evaluation(**values, version=version)


def list_of_all(organization_id: OrganizationId) -> str:
    """Return the name of the list of all evaluations."""
    return f"{organization_id}#{EVALUATION}s"


def of_session(organization_id: OrganizationId, session_id: SessionId) -> Key:
    """Return the first key of a session's evaluations; they end at ``END``."""
    return Key(session_key(organization_id, session_id).partition, f"{EVALUATION}#")


def _to_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return timestamp(value)
    return value if isinstance(value, int | float) else str(value)
