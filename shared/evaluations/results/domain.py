"""Inference results: the turns of an evaluation session, their usage, and updates of one."""

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from shared.core.ids import ApiKeyId, InferenceResultId, SessionId
from shared.evaluations.changes import changeable_fields

_READ_ONLY = ("id", "session_id", "user_id", "index", "created_at", "deleted_at")


class ResultStatus(StrEnum):
    """Status of a turn: pending, completed, failed or skipped."""

    PENDING = "PENDING"
    GENERATED = "GENERATED"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One exchange with the product, as a client reports it.

    Latency is in milliseconds; costs are in the client's own currency.
    """

    input: dict[str, Any] | None = None
    actual_output: str | None = None
    retrieval_context: str | None = None
    latency: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    tokens: int | None = None
    cost: float | None = None
    cost_per_input_token: float | None = None
    cost_per_output_token: float | None = None
    cost_per_cache_read_input_token: float | None = None
    conversation_simulator_version: str | None = None
    status: ResultStatus = ResultStatus.GENERATED
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceResult(Turn):
    """Turn as recorded in its session.

    ``index`` numbers the turns of the session from 0 in the order of recording, without
    gaps: the delete of a turn reduces the index of later ones.
    """

    id: InferenceResultId
    session_id: SessionId
    user_id: ApiKeyId
    index: int
    created_at: datetime
    deleted_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Outcome of recording turns; a replay has the results and the note of the first request."""

    results: list[InferenceResult]
    replayed: bool = False
    note: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens and cost of a session: sums over its turns.

    Costs are added as decimal numbers, so that subtracting one leaves no binary remainder.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_input_tokens: int = 0
    tokens: int = 0
    cost: float = 0.0

    def plus(self, turn: Turn) -> "Usage":
        """Return the sums with one more turn.

        Without totals in the turn, tokens are those of input and output, and the cost is the
        sum of each count times its price.
        """
        return self._add(turn, 1)

    def minus(self, turn: Turn) -> "Usage":
        """Return the sums without a turn that they include."""
        return self._add(turn, -1)

    def _add(self, turn: Turn, sign: int) -> "Usage":
        input_tokens, output_tokens = turn.input_tokens or 0, turn.output_tokens or 0
        cached = turn.cache_read_input_tokens or 0
        tokens = input_tokens + output_tokens if turn.tokens is None else turn.tokens
        return Usage(
            input_tokens=self.input_tokens + sign * input_tokens,
            output_tokens=self.output_tokens + sign * output_tokens,
            cache_read_input_tokens=self.cache_read_input_tokens + sign * cached,
            tokens=self.tokens + sign * tokens,
            cost=float(_decimal(self.cost) + sign * _cost(turn)),
        )


def _cost(turn: Turn) -> Decimal:
    if turn.cost is not None:
        return _decimal(turn.cost)
    return (
        (turn.input_tokens or 0) * _decimal(turn.cost_per_input_token)
        + (turn.output_tokens or 0) * _decimal(turn.cost_per_output_token)
        + (turn.cache_read_input_tokens or 0) * _decimal(turn.cost_per_cache_read_input_token)
    )


def _decimal(amount: float | None) -> Decimal:
    return Decimal(repr(amount or 0))


def update_result(result: InferenceResult, sent: dict[str, Any]) -> InferenceResult:
    """Return the turn with changed fields; None clears a field.

    An output completes a pending turn and an error fails it, unless the update sets the
    status. Raises ``InvalidInput`` for a field that cannot change.
    """
    changes = changeable_fields(result, sent, _READ_ONLY)
    if "status" in changes:
        changes["status"] = ResultStatus(changes["status"])
    elif result.status is ResultStatus.PENDING:
        if changes.get("error") is not None:
            changes["status"] = ResultStatus.FAILED
        elif changes.get("actual_output") is not None:
            changes["status"] = ResultStatus.GENERATED
    return replace(result, **changes)


def delete_result(result: InferenceResult, deleted_at: datetime) -> InferenceResult:
    """Return the turn as deleted: only its status is left of its content."""
    cleared = {one.name: one.default for one in fields(Turn) if one.name != "status"}
    return replace(result, **cleared, deleted_at=deleted_at)  # type: ignore[arg-type]  # defaults of these very fields
