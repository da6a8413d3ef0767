"""GET /v1/agents: list active agents, newest first."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from shared.agents.agent_models import Agent, ListAgentsParameters, ListResponse_Agent
from shared.agents.models import refusals
from shared.agents.service import agents
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.replies import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["agents"])


@router.get(
    "/v1/agents",
    operation_id="list_agents",
    summary="List agents",
    response_model=ListResponse_Agent,
    responses=refusals({400: "Invalid offset, limit or cursor"}),
)
async def list_agents(
    caller: Reader, parameters: Annotated[ListAgentsParameters, Query()]
) -> Response:
    filters = {"search": parameters.search} if parameters.search else {}
    cursors = Cursors(caller.organization_id, "agents", filters)
    query = parameters.to_domain(after=cursors.read(parameters.cursor))
    found, after = agents().list_active(caller.organization_id, query)
    page = ListResponse_Agent(
        data=[Agent.of(agent) for agent in found], next_cursor=cursors.write(after)
    )
    return reply(page)


handler = lambda_handler(router)
