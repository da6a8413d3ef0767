"""GET /v1/agents/{agent_id}/export: export an agent as Markdown with YAML front matter."""

from shared.http.framework import APIRouter, Response

from shared.agents.agents.api import EXPORT_RESPONSE
from shared.agents.agents.files import agent_to_markdown, file_name
from shared.agents.agents.wiring import agents
from shared.agents.api import error_responses
from shared.core.ids import AgentId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import file_reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["agents"])


@router.get(
    "/v1/agents/{agent_id}/export",
    operation_id="export_agent",
    summary="Export an agent",
    response_class=Response,
    responses=EXPORT_RESPONSE | error_responses({400: "Invalid agent ID", 404: "Agent not found"}),
)
async def export_agent(agent_id: AgentId, caller: Reader) -> Response:
    """Export an agent as Markdown with YAML front matter, in the form that an import reads."""
    agent = agents().get(caller.organization_id, agent_id)
    return file_reply(agent_to_markdown(agent), "text/markdown", f"{file_name(agent)}.md")


handler = lambda_handler(router)
