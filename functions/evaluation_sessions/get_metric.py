"""GET /metrics/{id}: get a metric."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.metrics.api import Metric
from shared.evaluations.metrics.wiring import metrics
from shared.http.api import EntityId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["metrics"])


@router.get(
    "/metrics/{id}",
    operation_id="getMetric",
    summary="Get a metric",
    response_model=Metric,
)
async def get_metric(identifier: EntityId, caller: Reader) -> Response:
    """Return one metric. A deleted metric, or one of another organization, is a 404."""
    entity = metrics().get(caller.organization_id, identifier)
    return reply(Metric.model_validate(entity), version=entity.version)


handler = lambda_handler(router)
