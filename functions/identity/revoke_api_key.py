"""DELETE /v1/identity/api-keys/{key_id}: revoke an API key."""

from shared.http.framework import APIRouter, Response

from shared.core.ids import ApiKeyId
from shared.http.api import error_responses
from shared.http.caller import Admin
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import no_content
from shared.http.surfaces import PLAYGROUND
from shared.identity.wiring import identity

router: APIRouter = PLAYGROUND.router(tags=["identity"])


@router.delete(
    "/v1/identity/api-keys/{key_id}",
    operation_id="revokeApiKey",
    summary="Revoke an API key",
    status_code=204,
    responses=error_responses(403, 404, 409, 412),
)
async def revoke_api_key(key_id: ApiKeyId, caller: Admin, version: ExpectedVersion) -> Response:
    """Revoke a key for good; it may still work for a minute. Repeating it changes nothing.

    409 for the last usable admin key: an organization needs one to create others.
    """
    identity().revoke_api_key(
        caller.organization_id, key_id, by=caller.key_id, expected_version=version
    )
    return no_content()


handler = lambda_handler(router)
