"""GET /v1/simulation/runs: list runs of one simulation, newest first."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.http.api import PageResponse, error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.runs.dispatched.api import SimulationRunListParameters, SimulationRunResponse
from shared.runs.runs.wiring import runs

router: APIRouter = PLAYGROUND.router(tags=["runs"])
_Query = Annotated[SimulationRunListParameters, Query()]


@router.get(
    "/v1/simulation/runs",
    operation_id="listSimulationRuns",
    summary="List runs of one simulation",
    response_model=PageResponse[SimulationRunResponse],
    responses=error_responses(400),
)
async def list_simulation_runs(query: _Query, caller: Reader) -> Response:
    """List runs of one simulation, newest first; all filters must match. A page may have fewer
    than `limit`; continue while there is a `next_cursor`."""
    cursors = Cursors(caller.organization_id, "simulation runs", query.filters())
    after = cursors.read(query.cursor)
    page = runs().list_dispatched(
        caller.organization_id, query.limit, after, query.agent_id, query.passes
    )
    items = [SimulationRunResponse.of(*one) for one in page.items]
    return reply(PageResponse.of(items, cursors, page.next_cursor))


handler = lambda_handler(router, runs)
