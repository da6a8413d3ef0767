"""POST /v1/agents: create an agent, or replace the one with the given id."""

from fastapi import APIRouter, Response

from shared.agents.agent_models import Agent, CreateAgentRequest
from shared.agents.models import refusals
from shared.agents.service import agents
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.replies import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["agents"])


@router.post(
    "/v1/agents",
    operation_id="create_agent",
    summary="Create an agent",
    status_code=201,
    response_model=Agent,
    responses=refusals({400: "Input exceeds allowed limits", 404: "Model not found"}),
)
async def create_agent(
    body: CreateAgentRequest, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    stored = agents().create(caller.organization_id, body.to_domain(), idempotency)
    agent = stored.agent
    return reply(Agent.of(agent), status=201, version=agent.version, replayed=stored.replayed)


handler = lambda_handler(router)
