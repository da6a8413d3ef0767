"""GET /v1/runs/{run_id}/results: list the results of a run by number."""

from typing import Annotated
from uuid import UUID

from shared.http.framework import APIRouter, Query, Response

from shared.http.api import PageResponse, error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.runs.requests.api import ResultListParameters
from shared.runs.runs.scoring import result_of
from shared.runs.runs.wiring import runs
from shared.runs.simulations.api import SimulationResultResponse as Result

router: APIRouter = PLAYGROUND.router(tags=["runs"])
_Query = Annotated[ResultListParameters, Query()]


@router.get(
    "/v1/runs/{run_id}/results",
    operation_id="listRunResults",
    summary="List the results of a run",
    response_model=PageResponse[Result],
    responses=error_responses(400, 404),
)
async def list_results(run_id: UUID, query: _Query, caller: Reader) -> Response:
    """List simulations by number, also those that have not begun. A page may have fewer than
    `limit`; continue while there is a `next_cursor`."""
    cursors = Cursors(caller.organization_id, "results", query.filters(run_id))
    wanted = query.to_query(cursors.read(query.cursor))
    run, page = runs().results(caller.organization_id, run_id, wanted)
    items = [Result.of(result_of(run, one)) for one in page.items]
    return reply(PageResponse.of(items, cursors, page.next_cursor))


handler = lambda_handler(router, runs)
