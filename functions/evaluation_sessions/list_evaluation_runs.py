"""GET /runs: list runs, newest first."""

from shared.http.framework import APIRouter, Request, Response

from shared.evaluations.evaluation_runs.api import Run
from shared.evaluations.evaluation_runs.filters import RUN_FILTERS, run_filter
from shared.evaluations.evaluation_runs.wiring import evaluation_runs
from shared.evaluations.query_parameters import ListParameters, parameters
from shared.http.bare_lists import reply_list
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["evaluation-runs"])


@router.get(
    "/runs",
    operation_id="getEvaluationRuns",
    summary="List evaluation runs",
    response_model=list[Run],
    openapi_extra=parameters(RUN_FILTERS),
)
async def list_evaluation_runs(request: Request, caller: Reader) -> Response:
    """List runs, newest first; several filters must all match. A page ends at `limit` or at
    about 6 MB; `X-Next-Cursor` continues it.
    """
    query = ListParameters(request.query_params.multi_items())
    cursors = Cursors(caller.organization_id, "evaluation-run", query.filters)
    window = query.window(after=cursors.read(query.cursor))
    page = evaluation_runs().find(caller.organization_id, run_filter(query), window)
    return reply_list(page, Run, cursors, query.ignored)


handler = lambda_handler(router)
