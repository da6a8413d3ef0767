"""What a change makes of a session or a turn: rules, without storage."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic.alias_generators import to_camel

from shared.core.errors import InvalidInput
from shared.evaluations.models import (
    EvaluationSession,
    InferenceResult,
    ResultStatus,
    SessionStatus,
)

_FIXED_OF_SESSIONS = (
    "id", "version_id", "test_case_id", "user_id", "created_at", "deleted_at",
)  # fmt: skip
_FIXED_OF_TURNS = ("id", "session_id", "user_id", "index", "created_at", "deleted_at")


class Unchanged(Exception):
    """A change that leaves a thing as it is: nothing needs to be written."""

    def __init__(self, thing: Any) -> None:
        super().__init__("nothing to change")
        self.thing = thing


def changed_session(session: EvaluationSession, told: dict[str, Any]) -> EvaluationSession:
    """Return the session with what a client told, by field; None clears.

    Raises ``InvalidInput`` for a field that cannot change, and for a session of a test
    case in production.
    """
    changes = without_fixed(session, told, _FIXED_OF_SESSIONS)
    if "status" in changes:
        changes["status"] = SessionStatus(changes["status"])
    if changes.get("is_production") and session.test_case_id is not None:
        raise InvalidInput("isProduction: a session of a test case cannot be production.")
    return replace(session, **changes)


def finished_session(
    session: EvaluationSession, stopping_reason: str | None, error: str | None
) -> EvaluationSession:
    """Return the session closed: by a reason as completed, by an error as failed.

    Raises ``InvalidInput`` for neither, and for a session that was finished otherwise. A
    session that is closed without telling why, as imported ones are, may still be told.
    """
    reason, error = (text if text and text.strip() else None for text in (stopping_reason, error))
    if reason is None and error is None:
        raise InvalidInput("stoppingReason: expected a text, or one as error.")
    status = SessionStatus.COMPLETED if error is None else SessionStatus.FAILED
    after = replace(
        session,
        status=status,
        stopping_reason=session.stopping_reason if reason is None else reason,
        error=session.error if error is None else error,
    )
    closed = session.status is not SessionStatus.PENDING
    if closed and (session.stopping_reason or session.error) and after != session:
        field = "stoppingReason" if reason is not None else "error"
        raise InvalidInput(
            f"{field}: the session was finished before, as {session.status.value} and for "
            "another reason; set its status to PENDING to open it again."
        )
    return after


def changed_turn(result: InferenceResult, told: dict[str, Any]) -> InferenceResult:
    """Return the turn with what a client told, by field; None clears.

    A turn that was awaited and is told its output, or an error, is thereby there, or
    failed, unless the client says otherwise. Raises ``InvalidInput`` for a field that
    cannot change.
    """
    changes = without_fixed(result, told, _FIXED_OF_TURNS)
    if "status" in changes:
        changes["status"] = ResultStatus(changes["status"])
    elif result.status is ResultStatus.PENDING:
        if changes.get("error") is not None:
            changes["status"] = ResultStatus.FAILED
        elif changes.get("actual_output") is not None:
            changes["status"] = ResultStatus.GENERATED
    return replace(result, **changes)


def without_fixed(thing: Any, told: dict[str, Any], fixed: tuple[str, ...]) -> dict[str, Any]:
    """Return what was told but the fields that stay; they may be told as they are.

    So a client can send back what it was answered. Raises ``InvalidInput`` by field.
    """
    for name in fixed:
        if name in told and not _is_same(getattr(thing, name), told[name]):
            raise InvalidInput(f"{to_camel(name)}: cannot be changed.")
    return {name: value for name, value in told.items() if name not in fixed}


def _is_same(kept: Any, told: Any) -> bool:
    if isinstance(kept, datetime) and isinstance(told, str):
        try:
            return datetime.fromisoformat(told) == kept
        except ValueError:
            return False
    return bool(told == (kept if kept is None or isinstance(kept, int) else str(kept)))
