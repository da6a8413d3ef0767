"""GET /v1/simulation/runs/{sim_run_id}: get a run of one simulation."""

from uuid import UUID

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.runs.dispatched.api import SimulationRunResponse
from shared.runs.runs.wiring import runs

router: APIRouter = PLAYGROUND.router(tags=["runs"])


@router.get(
    "/v1/simulation/runs/{sim_run_id}",
    operation_id="getSimulationRun",
    summary="Get a run of one simulation",
    response_model=SimulationRunResponse,
    responses=error_responses(400, 404),
)
async def get(sim_run_id: UUID, caller: Reader) -> Response:
    """Return a run of one simulation with its inputs."""
    return reply(SimulationRunResponse.of(*runs().dispatched(caller.organization_id, sim_run_id)))


handler = lambda_handler(router, runs)
