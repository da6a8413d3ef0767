"""GET /v1/identity/whoami: who the key belongs to and what it may do."""

from fastapi import APIRouter, Response

from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.identity.models import WhoAmIResponse

router: APIRouter = PLAYGROUND.router(tags=["identity"])


@router.get(
    "/v1/identity/whoami",
    operation_id="whoAmI",
    summary="Tell who the API key belongs to",
    response_model=WhoAmIResponse,
    responses=refusals(403),
)
async def whoami(caller: Reader) -> Response:
    content = WhoAmIResponse(
        organization_id=str(caller.organization_id),
        key_id=str(caller.key_id),
        key_name=caller.key_name,
        scopes=sorted(caller.scopes),  # type: ignore[arg-type]  # the authorizer knows no others
    )
    return reply(content)


handler = lambda_handler(router)
