"""GET /traces: list steps of turns."""

from shared.http.framework import APIRouter, Request, Response

from shared.evaluations.query_parameters import ListParameters, parameters
from shared.evaluations.traces.api import Trace
from shared.evaluations.traces.lists import TRACE_FILTERS, trace_filter
from shared.evaluations.traces.wiring import trace_lists
from shared.http.bare_lists import reply_list
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["traces"])


@router.get(
    "/traces",
    operation_id="getTraces",
    summary="Get traces",
    response_model=list[Trace],
    openapi_extra=parameters(TRACE_FILTERS),
)
async def list_traces(request: Request, caller: Reader) -> Response:
    """List steps by turn, then by start. Needs inferenceResultIds, sessionIds or ids. A page ends
    at `limit` or at about 6 MB; `X-Next-Cursor` continues it.
    """
    query = ListParameters(request.query_params.multi_items())
    cursors = Cursors(caller.organization_id, "traces", query.filters)
    window = query.window("createdAt", "startTime", after=cursors.read(query.cursor))
    page = trace_lists().find(caller.organization_id, trace_filter(query), window)
    return reply_list(page, Trace, cursors, query.ignored)


handler = lambda_handler(router)
