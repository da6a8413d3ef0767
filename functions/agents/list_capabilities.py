"""GET /v1/capabilities: list what agents and sessions can switch on."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from shared.agents.capabilities import capabilities
from shared.agents.capability_models import (
    CapabilityInfo,
    ListCapabilitiesParameters,
    ListResponse_CapabilityInfo,
)
from shared.agents.models import refusals
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.replies import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["capabilities"])


@router.get(
    "/v1/capabilities",
    operation_id="list_capabilities",
    summary="List capabilities",
    response_model=ListResponse_CapabilityInfo,
    responses=refusals({400: "Invalid offset or limit"}),
)
async def list_capabilities(
    caller: Reader,  # noqa: ARG001  # held to its scope
    asked: Annotated[ListCapabilitiesParameters, Query()],
) -> Response:
    found = capabilities(asked.search)[asked.offset :][: asked.limit]
    return reply(ListResponse_CapabilityInfo(data=[CapabilityInfo.of(one) for one in found]))


handler = lambda_handler(router)
