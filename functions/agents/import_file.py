"""POST /v1/agents/import: import an agent from Markdown, YAML, JSON or plain text."""

from shared.http.framework import APIRouter, Request, Response

from shared.agents.agents.api import IMPORT_BODY, Agent, read_agent_file, to_domain
from shared.agents.agents.wiring import agents
from shared.agents.api import error_responses
from shared.core.clock import system_clock
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["agents"])


@router.post(
    "/v1/agents/import",
    operation_id="import_agent",
    summary="Import an agent",
    status_code=201,
    response_model=Agent,
    responses=error_responses({400: "Invalid format, or above a limit", 404: "Model not found"}),
    openapi_extra=IMPORT_BODY,
)
async def import_agent(request: Request, caller: Writer, idempotency: IdempotencyKey) -> Response:
    """Create an agent from Markdown with YAML front matter, YAML, JSON or plain text, which is its
    system prompt; replace the one with the `id` in the file. Other fields are ignored."""
    body = read_agent_file(await request.body(), system_clock())
    created = agents().create(caller.organization_id, to_domain(body), body.id, idempotency)
    agent = created.entity
    return reply(Agent.of(agent), status=201, version=agent.version, replayed=created.replayed)


handler = lambda_handler(router)
