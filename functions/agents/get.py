"""GET /v1/agents/{agent_id}: read an agent, archived or not."""

from fastapi import APIRouter, Response

from shared.agents.agent_models import Agent
from shared.agents.models import refusals
from shared.agents.service import agents
from shared.core.ids import AgentId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.replies import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["agents"])


@router.get(
    "/v1/agents/{agent_id}",
    operation_id="get_agent",
    summary="Get an agent",
    response_model=Agent,
    responses=refusals({400: "Invalid agent ID", 404: "Agent not found"}),
)
async def get_agent(agent_id: AgentId, caller: Reader) -> Response:
    agent = agents().get(caller.organization_id, agent_id)
    return reply(Agent.of(agent), version=agent.version)


handler = lambda_handler(router)
