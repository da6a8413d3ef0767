"""GET /v1/identity/whoami: the caller's API key, organization and scopes."""

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.identity.api import WhoAmIResponse

router: APIRouter = PLAYGROUND.router(tags=["identity"])


@router.get(
    "/v1/identity/whoami",
    operation_id="whoAmI",
    summary="Get the caller's API key",
    response_model=WhoAmIResponse,
    responses=error_responses(403),
)
async def whoami(caller: Reader) -> Response:
    """Get the API key of the request and its organization. Costs no read."""
    content = WhoAmIResponse(
        organization_id=str(caller.organization_id),
        key_id=str(caller.key_id),
        key_name=caller.key_name,
        scopes=sorted(caller.scopes),  # type: ignore[arg-type]  # the authorizer passes only known scopes
    )
    return reply(content)


handler = lambda_handler(router)
