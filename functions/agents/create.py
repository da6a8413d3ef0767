"""POST /v1/agents: create an agent, or replace the one with the given id."""

from shared.http.framework import APIRouter, Response

from shared.agents.agents.api import Agent, CreateAgentRequest, to_domain
from shared.agents.agents.wiring import agents
from shared.agents.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["agents"])


@router.post(
    "/v1/agents",
    operation_id="create_agent",
    summary="Create an agent",
    status_code=201,
    response_model=Agent,
    responses=error_responses({400: "Input exceeds allowed limits", 404: "Model not found"}),
)
async def create_agent(
    body: CreateAgentRequest, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Create an agent, or replace the one with the given `id`. A body with `tools` or
    `initial_files`, as SDKs from 0.3 send, makes a name of lowercase letters, digits and hyphens
    unique: the agent with it is replaced."""
    created = agents().create(
        caller.organization_id, to_domain(body), body.id, idempotency, by_name=body.has_unique_name
    )
    agent = created.entity
    return reply(Agent.of(agent), status=201, version=agent.version, replayed=created.replayed)


handler = lambda_handler(router)
