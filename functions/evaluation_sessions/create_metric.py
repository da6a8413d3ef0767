"""POST /metrics: create a metric."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.metrics.api import Metric, MetricInput
from shared.evaluations.metrics.wiring import metrics
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["metrics"])


@router.post(
    "/metrics",
    operation_id="createMetric",
    summary="Create a metric",
    status_code=201,
    response_model=Metric,
)
async def create_metric(body: MetricInput, caller: Writer, idempotency: IdempotencyKey) -> Response:
    """Create a way to score sessions and turns: by the client (SELF_HOSTED), by a judge model,
    or by a person. A metric never changes.
    """
    created = metrics().create(caller.organization_id, caller.key_id, body.fields(), idempotency)
    content = Metric.model_validate(created.entity)
    return reply(content, status=201, version=created.entity.version, replayed=created.replayed)


handler = lambda_handler(router)
