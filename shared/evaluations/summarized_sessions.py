"""Evaluation sessions in the list of all sessions."""

from typing import Any

from shared.sessions.domain import SessionKind
from shared.sessions.summaries.domain import CapturedSessionStatus, Evaluated, Tokens
from shared.storage.records import Record

#: Statuses by those of ``evaluations.sessions.domain``.
_STATUSES = {
    "PENDING": CapturedSessionStatus.OPEN,
    "COMPLETED": CapturedSessionStatus.COMPLETED,
    "FAILED": CapturedSessionStatus.FAILED,
}


def _summarize(record: Record) -> dict[str, Any]:
    """Return the fields of an evaluation session's row."""
    state = record.body["state"]
    usage = state["usage"]
    return {
        "status": _STATUSES[state["status"]],
        "own_status": state["status"],
        "title": state["custom_id"],
        "turn_count": record.body["last_sequence"] - len(state.get("deleted_turns", ())),
        "usage": Tokens(
            input_tokens=usage["input_tokens"],
            output_tokens=usage["output_tokens"],
            total_tokens=usage["tokens"],
            cost=usage["cost"],
        )
        if any(usage.values())
        else None,
        "evaluated": Evaluated(
            product_id=state["product_id"],
            version_id=state["version_id"],
            test_id=state["test_id"],
            test_case_id=state["test_case_id"],
            run_id=state.get("run_id"),
        ),
    }


EVALUATION_SUMMARY = (SessionKind.EVALUATION, str, _summarize)
