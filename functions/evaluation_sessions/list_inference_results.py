"""GET /inferenceResults: list turns by session and index."""

from shared.http.framework import APIRouter, Request, Response

from shared.evaluations.query_parameters import ListParameters, parameters
from shared.evaluations.results.api import InferenceResult
from shared.evaluations.results.lists import RESULT_FILTERS, result_filter
from shared.evaluations.results.wiring import result_lists
from shared.http.bare_lists import reply_list
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["inference-results"])


@router.get(
    "/inferenceResults",
    operation_id="getInferenceResults",
    summary="Get inference results",
    response_model=list[InferenceResult],
    openapi_extra=parameters(RESULT_FILTERS),
)
async def list_inference_results(request: Request, caller: Reader) -> Response:
    """List turns by session, then by index. Without ids and sessionIds, at most 200 sessions may
    have turns. A page ends at `limit` or at about 6 MB; `X-Next-Cursor` continues it.
    """
    query = ListParameters(request.query_params.multi_items())
    cursors = Cursors(caller.organization_id, "inference-results", query.filters)
    window = query.window("createdAt", "index", after=cursors.read(query.cursor))
    page = result_lists().find(caller.organization_id, result_filter(query), window)
    return reply_list(page, InferenceResult, cursors, query.ignored)


handler = lambda_handler(router)
