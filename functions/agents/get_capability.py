"""GET /v1/capabilities/{capability_id}: read one capability."""

from fastapi import APIRouter, Response

from shared.agents.capabilities import capability
from shared.agents.capability_models import CapabilityInfo
from shared.agents.models import refusals
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.replies import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["capabilities"])


@router.get(
    "/v1/capabilities/{capability_id}",
    operation_id="get_capability",
    summary="Get a capability",
    response_model=CapabilityInfo,
    responses=refusals({404: "Capability not found"}),
)
async def get_capability(capability_id: str, caller: Reader) -> Response:  # noqa: ARG001  # held to its scope
    return reply(CapabilityInfo.of(capability(capability_id)))


handler = lambda_handler(router)
