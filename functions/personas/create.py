"""POST /v1/personas: create a persona."""

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.runs.personas.api import PersonaCreate, PersonaResponse
from shared.runs.personas.wiring import personas

router: APIRouter = PLAYGROUND.router(tags=["personas"])


@router.post(
    "/v1/personas",
    operation_id="createPersona",
    summary="Create a persona",
    status_code=201,
    response_model=PersonaResponse,
    responses=error_responses(400),
)
async def create(body: PersonaCreate, caller: Writer, idempotency: IdempotencyKey) -> Response:
    """Create a persona, which a simulated user plays in runs."""
    created = personas().create(
        caller.organization_id, str(caller.key_id), body.content(), idempotency
    )
    content = PersonaResponse.of(created.entity)
    return reply(content, status=201, version=created.entity.version, replayed=created.replayed)


handler = lambda_handler(router)
