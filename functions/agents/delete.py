"""DELETE /v1/agents/{agent_id}: archive an agent; its sessions stay."""

from shared.http.framework import APIRouter, Response

from shared.agents.agents.wiring import agents
from shared.agents.api import error_responses
from shared.core.ids import AgentId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import no_content
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["agents"])


@router.delete(
    "/v1/agents/{agent_id}",
    operation_id="delete_agent",
    summary="Archive an agent",
    status_code=204,
    responses=error_responses({400: "Invalid agent ID", 404: "Agent not found"}),
)
async def delete_agent(
    agent_id: AgentId, caller: Writer, expected_version: ExpectedVersion
) -> Response:
    """Archive an agent: it leaves the list and takes no new sessions.

    Its sessions stay, and it can be read and activated again. Repeating the request changes
    nothing.
    """
    agents().archive(caller.organization_id, agent_id, expected_version=expected_version)
    return no_content()


handler = lambda_handler(router)
