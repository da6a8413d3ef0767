"""GET /v1/capabilities: list the capabilities of the stack."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.agents.api import error_responses
from shared.agents.tools.api import (
    CapabilityInfo,
    ListCapabilitiesParameters,
    ListResponse_CapabilityInfo,
)
from shared.agents.tools.capabilities import capabilities
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["capabilities"])


@router.get(
    "/v1/capabilities",
    operation_id="list_capabilities",
    summary="List capabilities",
    response_model=ListResponse_CapabilityInfo,
    responses=error_responses({400: "Invalid offset or limit"}),
)
async def list_capabilities(
    caller: Reader,  # noqa: ARG001  # its scope is checked
    parameters: Annotated[ListCapabilitiesParameters, Query()],
) -> Response:
    """List the built-in capabilities, which agents and sessions enable by their ids."""
    found = capabilities(parameters.search)[parameters.offset :][: parameters.limit]
    return reply(ListResponse_CapabilityInfo(data=[CapabilityInfo.of(one) for one in found]))


handler = lambda_handler(router)
