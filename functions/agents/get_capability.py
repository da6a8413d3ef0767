"""GET /v1/capabilities/{capability_id}: get a capability."""

from shared.http.framework import APIRouter, Response

from shared.agents.api import error_responses
from shared.agents.tools.api import CapabilityInfo
from shared.agents.tools.capabilities import capability
from shared.core.api_types import Line
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["capabilities"])


@router.get(
    "/v1/capabilities/{capability_id}",
    operation_id="get_capability",
    summary="Get a capability",
    response_model=CapabilityInfo,
    responses=error_responses({404: "Capability not found"}),
)
async def get_capability(capability_id: Line, caller: Reader) -> Response:  # noqa: ARG001  # its scope is checked
    """Return a capability with the definitions of its tools."""
    return reply(CapabilityInfo.of(capability(capability_id)))


handler = lambda_handler(router)
