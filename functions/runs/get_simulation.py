"""GET /v1/runs/{run_id}/simulations/{number}: get a simulation with its verdict."""

from uuid import UUID

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.runs.runs.wiring import runs
from shared.runs.simulations.api import SimulationResponse
from shared.runs.worlds.api import SimulationNumber

router: APIRouter = PLAYGROUND.router(tags=["runs"])


@router.get(
    "/v1/runs/{run_id}/simulations/{number}",
    operation_id="getSimulation",
    summary="Get a simulation",
    response_model=SimulationResponse,
    responses=error_responses(404),
)
async def get_simulation(run_id: UUID, number: SimulationNumber, caller: Reader) -> Response:
    """Return a simulation with its inputs, and the results of its checks and criteria."""
    found = runs().simulation(caller.organization_id, run_id, number)
    return reply(SimulationResponse.whole(*found))


handler = lambda_handler(router, runs)
