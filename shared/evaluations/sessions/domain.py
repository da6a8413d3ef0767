"""Evaluation sessions: entity, and the rules of updating and finishing one."""

from bisect import bisect_left
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from shared.core.errors import InvalidInput
from shared.core.ids import ApiKeyId, EvaluationRunId, ProductId, TestCaseId, TestId, VersionId
from shared.evaluations.changes import changeable_fields
from shared.evaluations.results.domain import Usage
from shared.sessions.domain import Session, SessionKind

_READ_ONLY = ("id", "version_id", "test_case_id", "run_id", "user_id", "created_at", "deleted_at")
#: Error of a session that has a test case and is marked as production.
NOT_PRODUCTION = "isProduction: must not be true for a session of a test case."
#: Error of a session that is production and has a run.
NOT_IN_RUN = "runId: must be omitted for a session in production; set isProduction to false."


class SessionStatus(StrEnum):
    """Status of an evaluation session: open, completed or failed."""

    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """Session to create; the ids are texts of the client, not yet looked up."""

    version_id: str
    custom_id: str | None = None
    test_case_id: str | None = None
    is_production: bool | None = None
    run_id: str | None = None
    context: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    status: SessionStatus = SessionStatus.PENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationSession(Session):
    """Conversation with one version of a product, recorded for evaluation.

    Attributes
    ----------
    product_id, test_id
        Those of the version and of the test case; they never change.
    custom_id
        The client's own id of the session, unique within its version.
    user_id
        API key that created the session.
    run_id
        Evaluation run that the session was created in.
    usage
        Sums over the turns, stored with the session so that lists need no further reads.
    deleted_turns
        Sequences of the deleted turns, ascending; later turns' indexes are reduced by them.
    """

    kind: ClassVar[SessionKind] = SessionKind.EVALUATION

    version_id: VersionId
    product_id: ProductId
    user_id: ApiKeyId
    test_case_id: TestCaseId | None = None
    test_id: TestId | None = None
    run_id: EvaluationRunId | None = None
    custom_id: str | None = None
    context: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    status: SessionStatus = SessionStatus.PENDING
    stopping_reason: str | None = None
    error: str | None = None
    is_production: bool = True
    deleted_at: datetime | None = None
    usage: Usage = field(default_factory=Usage)
    deleted_turns: tuple[int, ...] = ()

    def index_of(self, sequence: int) -> int:
        """Return the index of the turn with a sequence in the session's log."""
        return sequence - 1 - bisect_left(self.deleted_turns, sequence)

    def has_turn(self, sequence: int) -> bool:
        """Return whether a turn has this sequence in the session's log, and is not deleted."""
        return 0 < sequence <= self.last_sequence and sequence not in self.deleted_turns


def update_session(session: EvaluationSession, fields: dict[str, Any]) -> EvaluationSession:
    """Return the session with changed fields; None clears a field.

    Raises ``InvalidInput`` for a field that cannot change, and for a session of a test case or
    a run that would be production.
    """
    changes = changeable_fields(session, fields, _READ_ONLY)
    if "status" in changes:
        changes["status"] = SessionStatus(changes["status"])
    if changes.get("is_production") and session.test_case_id is not None:
        raise InvalidInput(NOT_PRODUCTION)
    if changes.get("is_production") and session.run_id is not None:
        raise InvalidInput(NOT_IN_RUN)
    return replace(session, **changes)


def finish_session(
    session: EvaluationSession, stopping_reason: str | None, error: str | None
) -> EvaluationSession:
    """Return the session as failed if there is an error, else as completed.

    Raises ``InvalidInput`` without reason and error, and for a session that was finished
    with others. A closed session that has neither, such as an imported one, accepts them.
    """
    reason, error = (text if text and text.strip() else None for text in (stopping_reason, error))
    if reason is None and error is None:
        raise InvalidInput("Set stoppingReason, error, or both, to a non-empty string.")
    status = SessionStatus.COMPLETED if error is None else SessionStatus.FAILED
    finished = replace(
        session,
        status=status,
        stopping_reason=session.stopping_reason if reason is None else reason,
        error=session.error if error is None else error,
    )
    is_closed = session.status is not SessionStatus.PENDING
    if is_closed and (session.stopping_reason or session.error) and finished != session:
        field_name = "stoppingReason" if reason is not None else "error"
        raise InvalidInput(
            f"{field_name}: the session is already {session.status.value} for another reason; "
            "set its status to PENDING first."
        )
    return finished
