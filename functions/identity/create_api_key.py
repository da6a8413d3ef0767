"""POST /v1/identity/api-keys: create an API key for the caller's organization."""

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Admin
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.identity.api import ApiKeyResponse, CreateApiKeyRequest, CreatedApiKeyResponse
from shared.identity.wiring import identity

router: APIRouter = PLAYGROUND.router(tags=["identity"])


@router.post(
    "/v1/identity/api-keys",
    operation_id="createApiKey",
    summary="Create an API key",
    status_code=201,
    response_model=CreatedApiKeyResponse,
    responses=error_responses(400, 403, 404, 409),
)
async def create_api_key(
    body: CreateApiKeyRequest, caller: Admin, idempotency: IdempotencyKey
) -> Response:
    """Create an API key that works at once. Its secret is in this answer only."""
    given = (caller.organization_id, body.name, body.scopes)
    created = identity().create_api_key(*given, expires_at=body.expires_at, idempotency=idempotency)
    fields = ApiKeyResponse.of(created.key).model_dump()
    content = CreatedApiKeyResponse(**fields, api_key=created.secret)
    return reply(content, status=201, version=created.key.version, replayed=created.replayed)


handler = lambda_handler(router)
