"""Evaluation sessions as stored documents, and back; items that claim custom ids."""

import hashlib
from dataclasses import asdict
from typing import Any

from shared.core.clock import moment, timestamp
from shared.core.errors import InvalidInput
from shared.core.ids import (
    ApiKeyId,
    EvaluationRunId,
    OrganizationId,
    ProductId,
    TestCaseId,
    TestId,
    VersionId,
)
from shared.evaluations.list_names import SESSION, children_list, creation_key
from shared.evaluations.results.domain import Usage
from shared.evaluations.sessions.domain import EvaluationSession, SessionStatus
from shared.sessions.documents import SessionCodec
from shared.sessions.domain import SessionKind
from shared.storage.contention import ConditionFailed
from shared.storage.records import BY_LINK, BY_PARENT, IndexEntry, Key, Record
from shared.storage.transactions import Action, Create, Delete

#: Type of the items that make custom ids unique.
_CUSTOM_ID = "custom_id"


class EvaluationCodec(SessionCodec[EvaluationSession]):
    """Stored form of the state that only evaluation sessions have."""

    kind = SessionKind.EVALUATION

    def to_state(self, session: EvaluationSession) -> dict[str, Any]:
        return {
            "version_id": str(session.version_id),
            "product_id": str(session.product_id),
            "user_id": str(session.user_id),
            "test_case_id": session.test_case_id and str(session.test_case_id),
            "test_id": session.test_id and str(session.test_id),
            "run_id": session.run_id and str(session.run_id),
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
        test_case, test, run = state["test_case_id"], state["test_id"], state.get("run_id")
        return EvaluationSession(
            **common,
            version_id=VersionId.parse(state["version_id"]),
            product_id=ProductId.parse(state["product_id"]),
            user_id=ApiKeyId.parse(state["user_id"]),
            test_case_id=TestCaseId.parse(test_case) if test_case else None,
            test_id=TestId.parse(test) if test else None,
            run_id=EvaluationRunId.parse(run) if run else None,
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

    def index_entries(self, session: EvaluationSession) -> dict[str, IndexEntry]:
        organization_id, test_case = session.organization_id, session.test_case_id
        name = children_list(organization_id, session.version_id, SESSION)
        sort = creation_key(session)
        entries = {BY_PARENT: IndexEntry(name, sort)}
        if test_case is not None:
            name = children_list(organization_id, test_case, SESSION)
            entries[BY_LINK] = IndexEntry(name, sort)
        return entries


def custom_id_key(
    organization_id: OrganizationId, custom_id: str, version_id: VersionId | None = None
) -> Key:
    """Return the key of the item that claims a custom id for one session of a version.

    The items of one custom id in all versions share a partition: one query finds them. It
    has a digest, because a custom id may be longer than a key.
    """
    digest = hashlib.sha256(custom_id.encode(errors="surrogatepass")).hexdigest()
    return Key(f"{organization_id}#custom-id#{digest}", version_id.hex if version_id else "0")


def claim_custom_id(session: EvaluationSession) -> list[Action]:
    """Return the action that makes the session's custom id unique in its version, if it has one."""
    if session.custom_id is None:
        return []
    record = Record(
        key=custom_id_key(session.organization_id, session.custom_id, session.version_id),
        type=_CUSTOM_ID,
        body={"session_id": str(session.id), "custom_id": session.custom_id},
    )
    return [Create(record)]


def release_custom_id(session: EvaluationSession) -> list[Action]:
    """Return the action that releases the session's custom id, if it has one."""
    if session.custom_id is None:
        return []
    return [Delete(custom_id_key(session.organization_id, session.custom_id, session.version_id))]


def reject_claimed_custom_id(failed: ConditionFailed) -> None:
    """Raise ``InvalidInput`` if a write failed because the custom id is in use."""
    if any(record and record.type == _CUSTOM_ID for record in failed.existing.values()):
        raise InvalidInput(
            "customId: is used by another session of this version; use another one."
        ) from failed
