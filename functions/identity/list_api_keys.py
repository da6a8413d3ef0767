"""GET /v1/identity/api-keys: list the organization's API keys, newest first."""

from shared.http.framework import APIRouter, Response

from shared.http.api import PageQuery, PageResponse, error_responses
from shared.http.caller import Admin
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.identity.api import ApiKeyResponse
from shared.identity.wiring import identity

router: APIRouter = PLAYGROUND.router(tags=["identity"])


@router.get(
    "/v1/identity/api-keys",
    operation_id="listApiKeys",
    summary="List API keys",
    response_model=PageResponse[ApiKeyResponse],
    responses=error_responses(400, 403),
)
async def list_api_keys(caller: Admin, page: PageQuery) -> Response:
    """List API keys, newest first, without secrets; revoked and expired ones included."""
    cursors = Cursors(caller.organization_id, "api-keys")
    position = cursors.read(page.cursor)
    keys = identity().list_api_keys(caller.organization_id, page.limit, position)
    items = [ApiKeyResponse.of(key) for key in keys.items]
    return reply(PageResponse.of(items, cursors, keys.next_cursor))


handler = lambda_handler(router)
