"""GET /v1/runs: list runs, newest first."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.http.api import PageResponse, error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.runs.requests.api import RunListParameters
from shared.runs.runs.api import RunResponse
from shared.runs.runs.wiring import runs

router: APIRouter = PLAYGROUND.router(tags=["runs"])


@router.get(
    "/v1/runs",
    operation_id="listRuns",
    summary="List runs",
    response_model=PageResponse[RunResponse],
    responses=error_responses(400),
)
async def list_runs(query: Annotated[RunListParameters, Query()], caller: Reader) -> Response:
    """List runs, newest first, with their counts; see `listSimulationRuns` for single ones."""
    cursors = Cursors(caller.organization_id, "runs")
    after = cursors.read(query.cursor)
    page = runs().list_runs(caller.organization_id, query.limit, after)
    items = [RunResponse.of(one) for one in page.items]
    return reply(PageResponse.of(items, cursors, page.next_cursor))


handler = lambda_handler(router, runs)
