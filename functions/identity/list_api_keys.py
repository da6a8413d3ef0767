"""GET /v1/identity/api-keys: list the organisation's API keys, newest first."""

from fastapi import APIRouter, Response

from shared.http.caller import Admin
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.pages import Asked, CursorPage
from shared.http.paging import Cursors
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.identity.models import ApiKeyResponse
from shared.identity.service import identity

router: APIRouter = PLAYGROUND.router(tags=["identity"])


@router.get(
    "/v1/identity/api-keys",
    operation_id="listApiKeys",
    summary="List API keys",
    response_model=CursorPage[ApiKeyResponse],
    responses=refusals(400, 403),
)
async def list_api_keys(caller: Admin, asked: Asked) -> Response:
    cursors = Cursors(caller.organization_id, "api-keys")
    start = cursors.read(asked.cursor)
    keys, after = identity().list_api_keys(caller.organization_id, asked.limit, start)
    items = [ApiKeyResponse.of(key) for key in keys]
    return reply(CursorPage.of(items, cursors, after))


handler = lambda_handler(router)
