"""GET /evaluations: list evaluations, newest first."""

from shared.http.framework import APIRouter, Request, Response

from shared.evaluations.evaluations.api import Evaluation
from shared.evaluations.evaluations.filters import EVALUATION_FILTERS, evaluation_filter
from shared.evaluations.evaluations.wiring import evaluation_lists
from shared.evaluations.query_parameters import ListParameters, parameters
from shared.http.bare_lists import reply_list
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["evaluations"])


@router.get(
    "/evaluations",
    operation_id="getEvaluations",
    summary="List evaluations",
    response_model=list[Evaluation],
    openapi_extra=parameters(EVALUATION_FILTERS),
)
async def list_evaluations(request: Request, caller: Reader) -> Response:
    """List evaluations, newest first, or by `score`; several filters must all match. A page ends
    at `limit` or at about 6 MB; `X-Next-Cursor` continues it.
    """
    query = ListParameters(request.query_params.multi_items())
    cursors = Cursors(caller.organization_id, "evaluation", query.filters)
    window = query.window("createdAt", "score", after=cursors.read(query.cursor))
    page = evaluation_lists().find(caller.organization_id, evaluation_filter(query), window)
    return reply_list(page, Evaluation, cursors, query.ignored)


handler = lambda_handler(router)
