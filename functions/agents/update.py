"""PATCH /v1/agents/{agent_id}: set fields of an agent."""

from shared.http.framework import APIRouter, Response

from shared.agents.agents.api import Agent, UpdateAgentRequest, to_domain
from shared.agents.agents.wiring import agents
from shared.agents.api import error_responses
from shared.core.ids import AgentId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["agents"])


@router.patch(
    "/v1/agents/{agent_id}",
    operation_id="update_agent",
    summary="Update an agent",
    response_model=Agent,
    responses=error_responses({400: "Invalid agent ID or limits exceeded", 404: "Agent not found"}),
)
async def update_agent(
    agent_id: AgentId, body: UpdateAgentRequest, caller: Writer, expected_version: ExpectedVersion
) -> Response:
    """Set the given fields of an agent; null and absent fields stay as they are.

    Sessions that exist keep the model that they were created with; their next turns use the new
    prompt and capabilities.
    """
    agent = agents().update(
        caller.organization_id, agent_id, to_domain(body), expected_version=expected_version
    )
    return reply(Agent.of(agent), version=agent.version)


handler = lambda_handler(router)
