"""GET /v1/agents: list active agents, newest first."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.agents.agents.api import Agent, ListAgentsParameters, ListResponse_Agent
from shared.agents.agents.wiring import agents
from shared.agents.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["agents"])


@router.get(
    "/v1/agents",
    operation_id="list_agents",
    summary="List agents",
    response_model=ListResponse_Agent,
    responses=error_responses({400: "Invalid offset, limit or cursor"}),
)
async def list_agents(
    caller: Reader, parameters: Annotated[ListAgentsParameters, Query()]
) -> Response:
    """List active agents, newest first. A page of a search reads at most 1,000 agents."""
    filters = {"search": parameters.search} if parameters.search else {}
    cursors = Cursors(caller.organization_id, "agents", filters)
    after = cursors.read(parameters.cursor)
    query = parameters.model_dump(exclude={"cursor"})
    page = agents().list_active(caller.organization_id, after=after, **query)
    data = [Agent.of(agent) for agent in page.items]
    next_cursor, limit = cursors.write(page.next_cursor), parameters.capped_limit
    return reply(ListResponse_Agent(data=data, next_cursor=next_cursor, limit=limit))


handler = lambda_handler(router)
