"""POST /v1/identity/api-keys: make an API key for the caller's organisation."""

from fastapi import APIRouter, Response

from shared.http.caller import Admin
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.identity.models import ApiKeyResponse, CreateApiKeyRequest, CreatedApiKeyResponse
from shared.identity.service import identity

router: APIRouter = PLAYGROUND.router(tags=["identity"])


@router.post(
    "/v1/identity/api-keys",
    operation_id="createApiKey",
    summary="Create an API key",
    status_code=201,
    response_model=CreatedApiKeyResponse,
    responses=refusals(400, 403, 404),
)
async def create_api_key(
    body: CreateApiKeyRequest, caller: Admin, idempotency: IdempotencyKey
) -> Response:
    made = identity().create_api_key(
        caller.organization_id,
        body.name,
        body.scopes,
        expires_at=body.expires_at,
        idempotency=idempotency,
    )
    shown = ApiKeyResponse.of(made.key).model_dump()
    content = CreatedApiKeyResponse(**shown, api_key=made.secret)
    return reply(content, status=201, version=made.key.version, replayed=made.replayed)


handler = lambda_handler(router)
