"""Evaluation: entity, and the rules of retrying and scoring one."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

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

#: Retries of one evaluation, at most.
MAX_RETRIES = 10


class EvaluationStatus(StrEnum):
    """Status of an evaluation: awaited from the judge or a person, scored, failed or skipped."""

    PENDING = "PENDING"
    PENDING_HUMAN = "PENDING_HUMAN"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Score of a session, or of one of its turns, by a metric.

    Attributes
    ----------
    score
        From 0 to 1; None as long as there is none.
    reason
        Reason of the score, or of its absence.
    is_judged
        True if a judge model scores, so that a retry makes sense.
    metric_pass_threshold
        That of the metric: the score from which the evaluation passes.
    """

    id: EvaluationId
    organization_id: OrganizationId
    metric_id: MetricId
    product_id: ProductId
    version_id: VersionId
    user_id: ApiKeyId
    created_at: datetime
    status: EvaluationStatus
    metric_pass_threshold: float
    is_judged: bool
    inference_result_id: InferenceResultId | None = None
    test_case_id: TestCaseId | None = None
    test_id: TestId | None = None
    run_id: str | None = None
    conversation_simulator_version: str | None = None
    score: float | None = None
    reason: str | None = None
    evaluated_at: datetime | None = None
    retries_attempted: int = 0
    judge_input_tokens: int | None = None
    judge_output_tokens: int | None = None
    version: int = 1

    @property
    def session_id(self) -> SessionId:
        return self.id.session_id

    @property
    def deleted_at(self) -> None:
        """Time of deletion: None, as deleted evaluations are not found."""
        return

    @property
    def passed(self) -> bool | None:
        """True if the score reaches the threshold; None without a score."""
        return None if self.score is None else self.score >= self.metric_pass_threshold

    @property
    def can_retry(self) -> bool:
        """True for a judged evaluation without a score, up to ``MAX_RETRIES``."""
        return (
            self.is_judged
            and self.status in (EvaluationStatus.FAILED, EvaluationStatus.SKIPPED)
            and self.retries_attempted < MAX_RETRIES
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Result of the judge: a score, or the reason why there is none."""

    status: EvaluationStatus
    reason: str
    score: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None


def retry(evaluation: Evaluation) -> Evaluation:
    """Return an evaluation as it waits for the judge again."""
    return replace(
        evaluation,
        status=EvaluationStatus.PENDING,
        reason=None,
        evaluated_at=None,
        retries_attempted=evaluation.retries_attempted + 1,
    )


def score(evaluation: Evaluation, scored: Scored, at: datetime) -> Evaluation:
    """Return an evaluation with the result of the judge."""
    return replace(
        evaluation,
        status=scored.status,
        score=scored.score,
        reason=scored.reason,
        evaluated_at=at,
        judge_input_tokens=scored.input_tokens,
        judge_output_tokens=scored.output_tokens,
    )
