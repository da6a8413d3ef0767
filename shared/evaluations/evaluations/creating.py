"""New evaluations: what a client asks for, and the evaluation that is stored for a metric."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.core.ids import ApiKeyId, EvaluationId, OrganizationId, new_uuid
from shared.evaluations.evaluations.choosing import ChosenMetric, NamedMetric
from shared.evaluations.evaluations.domain import Evaluation, EvaluationStatus
from shared.evaluations.metrics.domain import MetricSource
from shared.evaluations.results.domain import InferenceResult
from shared.evaluations.sessions.domain import EvaluationSession
from shared.storage.idempotency import Idempotency

#: Statuses of new evaluations that no judge model scores.
_STATUSES = {
    MetricSource.SELF_HOSTED: EvaluationStatus.SUCCESS,
    MetricSource.HUMAN_EVALUATION: EvaluationStatus.PENDING_HUMAN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Request of a client: the metrics to score a session or one of its turns by."""

    organization_id: OrganizationId
    user_id: ApiKeyId
    metrics: tuple[NamedMetric, ...]
    run_id: str | None = None
    idempotency: Idempotency | None = None


def new_evaluation(
    request: Request,
    session: EvaluationSession,
    turn: InferenceResult | None,
    chosen: ChosenMetric,
    now: datetime,
    uuid: UUID | None = None,
) -> Evaluation:
    """Return the evaluation of a session, or of one of its turns, by a metric."""
    metric = chosen.metric
    source = MetricSource(metric.source)
    return Evaluation(
        id=EvaluationId.of(session.id, uuid or new_uuid()),
        organization_id=request.organization_id,
        metric_id=metric.id,
        product_id=session.product_id,
        version_id=session.version_id,
        user_id=request.user_id,
        created_at=now,
        status=_STATUSES.get(source, EvaluationStatus.PENDING),
        metric_pass_threshold=metric.pass_threshold,
        is_judged=source.is_judged,
        inference_result_id=turn.id if turn else None,
        test_case_id=session.test_case_id,
        test_id=session.test_id,
        run_id=request.run_id,
        conversation_simulator_version=turn.conversation_simulator_version if turn else None,
        score=chosen.score,
        evaluated_at=None if chosen.score is None else now,
    )
