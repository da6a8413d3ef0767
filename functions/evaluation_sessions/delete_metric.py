"""DELETE /metrics/{id}: delete a metric."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.metrics.wiring import metrics
from shared.http.api import EntityId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import no_content
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["metrics"])


@router.delete(
    "/metrics/{id}",
    operation_id="deleteMetric",
    summary="Delete a metric",
    status_code=204,
)
async def delete_metric(identifier: EntityId, caller: Writer, version: ExpectedVersion) -> Response:
    """Delete a metric. Its evaluations stay, with the scores that they have."""
    metrics().delete(caller.organization_id, identifier, expected_version=version)
    return no_content()


handler = lambda_handler(router)
