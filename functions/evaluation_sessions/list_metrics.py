"""GET /metrics: list metrics, newest first."""

from shared.http.framework import APIRouter, Request, Response

from shared.evaluations.metrics.api import Metric
from shared.evaluations.metrics.filters import METRIC_FILTERS, metric_filter
from shared.evaluations.metrics.wiring import metrics
from shared.evaluations.query_parameters import ListParameters, parameters
from shared.http.bare_lists import reply_list
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["metrics"])


@router.get(
    "/metrics",
    operation_id="getMetrics",
    summary="List metrics",
    response_model=list[Metric],
    openapi_extra=parameters(METRIC_FILTERS),
)
async def list_metrics(request: Request, caller: Reader) -> Response:
    """List metrics, newest first; several filters must all match. A page ends at `limit` or at
    about 6 MB; `X-Next-Cursor` continues it.
    """
    query = ListParameters(request.query_params.multi_items())
    cursors = Cursors(caller.organization_id, "metric", query.filters)
    window = query.window(after=cursors.read(query.cursor))
    page = metrics().find(caller.organization_id, metric_filter(query), window)
    return reply_list(page, Metric, cursors, query.ignored)


handler = lambda_handler(router)
