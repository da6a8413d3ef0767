"""POST /v1/runs/{run_id}/simulations/{number}/mcp: the world of a simulation as an MCP server."""

from functools import partial
from uuid import UUID

from shared.http.framework import APIRouter, Request, Response

from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.mcp import answer
from shared.http.surfaces import PLAYGROUND
from shared.runs.worlds.api import BODY, RESPONSES, RpcMessage, SimulationNumber
from shared.runs.worlds.domain import SimulationKey
from shared.runs.worlds.mcp import McpServer
from shared.runs.worlds.wiring import worlds

router: APIRouter = PLAYGROUND.router(tags=["runs"])


@router.post(
    "/v1/runs/{run_id}/simulations/{number}/mcp",
    operation_id="serveWorld",
    summary="Call the world of a simulation by the Model Context Protocol",
    response_model=RpcMessage | list[RpcMessage],
    responses=RESPONSES,
    openapi_extra={"requestBody": BODY},
)
async def serve_world(
    run_id: UUID, number: SimulationNumber, request: Request, caller: Writer
) -> Response:
    """Answer one message of MCP (streamable HTTP, without a session or a stream): the tools are
    those of the scenario's mock world, and answer as recorded. Every call is recorded. GET and
    DELETE are answered with 405, as the protocol has it for servers without streams and sessions.
    """
    world = worlds().session(SimulationKey(caller.organization_id, run_id, number))
    return await answer(request, partial(McpServer, world))


handler = lambda_handler(router, worlds)
