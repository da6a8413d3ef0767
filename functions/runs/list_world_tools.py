"""GET /v1/runs/{run_id}/simulations/{number}/tools: list the tools of a simulation's world."""

from uuid import UUID

from shared.http.framework import APIRouter, Response

from shared.http.api import PageResponse, error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.runs.worlds.api import SimulationNumber, WorldToolResponse
from shared.runs.worlds.domain import SimulationKey
from shared.runs.worlds.wiring import worlds

router: APIRouter = PLAYGROUND.router(tags=["runs"])


@router.get(
    "/v1/runs/{run_id}/simulations/{number}/tools",
    operation_id="listWorldTools",
    summary="List the tools of a simulation's world",
    response_model=PageResponse[WorldToolResponse],
    responses=error_responses(404, 409),
)
async def list_world_tools(run_id: UUID, number: SimulationNumber, caller: Reader) -> Response:
    """Return all tools on one page, by recorded name; 409 unless the simulation runs."""
    world = worlds().session(SimulationKey(caller.organization_id, run_id, number))
    tools = [WorldToolResponse.of(one) for one in world.tools()]
    return reply(PageResponse[WorldToolResponse](items=tools, has_more=False))


handler = lambda_handler(router, worlds)
