"""GET /v1/agents/{agent_id}: get an agent, archived or not."""

from shared.http.framework import APIRouter, Response

from shared.agents.agents.api import Agent
from shared.agents.agents.wiring import agents
from shared.agents.api import error_responses
from shared.core.ids import AgentId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["agents"])


@router.get(
    "/v1/agents/{agent_id}",
    operation_id="get_agent",
    summary="Get an agent",
    response_model=Agent,
    responses=error_responses({400: "Invalid agent ID", 404: "Agent not found"}),
)
async def get_agent(agent_id: AgentId, caller: Reader) -> Response:
    """Return an agent, also an archived one, with its version as `ETag`."""
    agent = agents().get(caller.organization_id, agent_id)
    return reply(Agent.of(agent), version=agent.version)


handler = lambda_handler(router)
