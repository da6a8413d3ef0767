"""POST /v1/runs/{run_id}/simulations/{number}/tools/{name}: call a tool of a simulation's world."""

from typing import Annotated, Any
from uuid import UUID

from shared.http.framework import APIRouter, Body, Response

from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.runs.worlds.api import SimulationNumber, ToolName, WorldCallResponse
from shared.runs.worlds.domain import SimulationKey
from shared.runs.worlds.wiring import worlds

router: APIRouter = PLAYGROUND.router(tags=["runs"])


@router.post(
    "/v1/runs/{run_id}/simulations/{number}/tools/{name}",
    operation_id="callWorldTool",
    summary="Call a tool of a simulation's world",
    response_model=WorldCallResponse,
    responses=error_responses(404, 409),
)
async def call_world_tool(
    run_id: UUID,
    number: SimulationNumber,
    name: ToolName,
    caller: Writer,
    arguments: Annotated[dict[str, Any], Body(default_factory=dict)],
) -> Response:
    """Answer a call as recorded, also with an error of the tool. A repeated request is a call."""
    world = worlds().session(SimulationKey(caller.organization_id, run_id, number))
    return reply(WorldCallResponse.of(world.call(name, arguments)))


handler = lambda_handler(router, worlds)
