"""Evaluation sessions and their turns: the domain.

The turns are called inference results, as the Galtea API calls them.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from shared.core.ids import (
    ApiKeyId,
    InferenceResultId,
    ProductId,
    SessionId,
    TestCaseId,
    TestId,
    VersionId,
)
from shared.sessions.models import Session, SessionKind


class SessionStatus(StrEnum):
    """Where an evaluation session stands: open, or closed in one of two ways."""

    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class ResultStatus(StrEnum):
    """Where a turn stands: awaited, there, failed, or left out on purpose."""

    PENDING = "PENDING"
    GENERATED = "GENERATED"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a client tells of one exchange with the product under evaluation.

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
    """A turn as it is recorded in its session.

    ``index`` counts the turns of the session from 0, in the order they were recorded, and
    without gaps: behind a deleted turn, the others move up.
    """

    id: InferenceResultId
    session_id: SessionId
    user_id: ApiKeyId
    index: int
    created_at: datetime
    deleted_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens and cost of a session: the sums over its turns.

    Costs are added up as the decimal numbers they were told as: what is taken off again
    leaves nothing behind, as it would in binary fractions.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_input_tokens: int = 0
    tokens: int = 0
    cost: float = 0.0

    def plus(self, turn: Turn) -> "Usage":
        """Return the sums with one more turn.

        Where a turn does not tell its total, tokens are those in and out, and the cost
        is the sum of each count at its price.
        """
        return self._with(turn, 1)

    def minus(self, turn: Turn) -> "Usage":
        """Return the sums without a turn that is among them."""
        return self._with(turn, -1)

    def _with(self, turn: Turn, sign: int) -> "Usage":
        taken, given = turn.input_tokens or 0, turn.output_tokens or 0
        cached = turn.cache_read_input_tokens or 0
        tokens = taken + given if turn.tokens is None else turn.tokens
        return Usage(
            input_tokens=self.input_tokens + sign * taken,
            output_tokens=self.output_tokens + sign * given,
            cache_read_input_tokens=self.cache_read_input_tokens + sign * cached,
            tokens=self.tokens + sign * tokens,
            cost=float(_exact(self.cost) + sign * _cost(turn)),
        )


def _cost(turn: Turn) -> Decimal:
    if turn.cost is not None:
        return _exact(turn.cost)
    return (
        (turn.input_tokens or 0) * _exact(turn.cost_per_input_token)
        + (turn.output_tokens or 0) * _exact(turn.cost_per_output_token)
        + (turn.cache_read_input_tokens or 0) * _exact(turn.cost_per_cache_read_input_token)
    )


def _exact(amount: float | None) -> Decimal:
    return Decimal(repr(amount or 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """What a client asks for; the ids are as it wrote them, not yet looked up."""

    version_id: str
    custom_id: str | None = None
    test_case_id: str | None = None
    is_production: bool | None = None
    context: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    status: SessionStatus = SessionStatus.PENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationSession(Session):
    """A conversation with one version of a product, recorded to be evaluated.

    Attributes
    ----------
    product_id, test_id
        Those of the version and of the test case; they never change.
    custom_id
        The client's own name for the session, unique in its version.
    user_id
        The key that opened the session.
    usage
        Sums over the turns, kept with the session so that a list shows them at no cost.
    deleted_turns
        The sequences of turns that are deleted, upwards: what the others' index takes off.
    """

    kind: ClassVar[SessionKind] = SessionKind.EVALUATION

    version_id: VersionId
    product_id: ProductId
    user_id: ApiKeyId
    test_case_id: TestCaseId | None = None
    test_id: TestId | None = None
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
        """Return the index of the turn at a place in the session's log."""
        return sequence - 1 - bisect_left(self.deleted_turns, sequence)
