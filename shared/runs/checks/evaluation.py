"""Evaluation of checks: one result for each, without I/O."""

from collections.abc import Iterable
from typing import Any

from shared.runs.checks.calls import check_called, check_end_state, check_not_called, check_order
from shared.runs.checks.documents import parse_check
from shared.runs.checks.domain import (
    Check,
    CheckResult,
    Ends,
    EndState,
    JsonSchema,
    Limit,
    Pattern,
    Says,
    Span,
    ToolCalled,
    ToolNotCalled,
    ToolOrder,
)
from shared.runs.checks.verdicts import Verdict, failed, passed, undecided
from shared.runs.checks.words import check_pattern, check_says, check_schema
from shared.simulation.conversation import Conversation, Totals
from shared.simulation.users.domain import MAX_TURNS_REACHED

_UNITS = {
    "turns": "turns",
    "tool_calls": "tool calls",
    "seconds": "seconds",
    "tokens": "tokens",
    "cost_usd": "dollars",
}


def evaluate_checks(
    checks: Iterable[dict[str, Any]], conversation: Conversation
) -> tuple[CheckResult, ...]:
    """Return the result of each check, in their order; checks are documents, as stored."""
    return tuple(_result(document, conversation) for document in checks)


def _result(document: dict[str, Any], conversation: Conversation) -> CheckResult:
    verdict = evaluate(parse_check(document), conversation)
    return CheckResult(
        check=document,
        outcome=verdict.outcome,
        reason=verdict.reason,
        sequence=verdict.sequence,
    )


def evaluate(check: Check, conversation: Conversation) -> Verdict:  # noqa: PLR0911  # one a kind
    """Return the verdict of a check."""
    match check:
        case ToolCalled():
            return check_called(check, conversation)
        case ToolNotCalled():
            return check_not_called(check, conversation)
        case ToolOrder():
            return check_order(check, conversation)
        case EndState():
            return check_end_state(check, conversation)
        case Says():
            return check_says(check, conversation)
        case Pattern():
            return check_pattern(check, conversation)
        case JsonSchema():
            return check_schema(check, conversation)
        case Ends():
            return _check_end(check, conversation)
        case Limit():
            return _check_limit(check, conversation)


def _check_end(check: Ends, conversation: Conversation) -> Verdict:
    last = next((one.sequence for one in reversed(conversation.entries)), None)
    reason = conversation.end_reason
    if reason is None:
        return failed("The conversation has not ended.", last)
    accepted = reason != MAX_TURNS_REACHED if check.reasons is None else reason in check.reasons
    verdict = passed if accepted else failed
    return verdict(f"The conversation ended by {reason}.", last)


def _check_limit(check: Limit, conversation: Conversation) -> Verdict:
    measured = _measure(check, conversation.totals)
    unit = _UNITS[check.measure]
    if measured is None:
        return undecided(f"The target does not report {unit}.")
    verdict = failed if measured > check.max else passed
    each = " in the slowest answer" if check.per is Span.ANSWER else ""
    return verdict(f"{measured:g} {unit}{each}, of {check.max:g} at most.")


def _measure(check: Limit, totals: Totals) -> float | None:
    """Return a measure; None where the target reports none."""
    match check.measure:
        case "turns":
            return totals.turns
        case "tool_calls":
            return totals.tool_calls
        case "seconds":
            return totals.slowest_seconds if check.per is Span.ANSWER else totals.seconds
        case "tokens":
            # A model's answer has tokens: none at all means that they are not reported.
            return (totals.input_tokens + totals.output_tokens) or None
        case "cost_usd":
            return totals.cost_usd
