"""GET /v1/capabilities: list what agents and sessions can switch on."""

from fastapi import APIRouter, Response

from shared.agents.capabilities import capabilities
from shared.agents.capability_models import CapabilityInfo, ListResponse_CapabilityInfo
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
)
async def list_capabilities(caller: Reader) -> Response:  # noqa: ARG001  # held to its scope
    found = [CapabilityInfo.of(capability) for capability in capabilities()]
    return reply(ListResponse_CapabilityInfo(data=found))


handler = lambda_handler(router)
