"""GET /v1/personas/{persona_id}: get a persona."""

from uuid import UUID

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.runs.personas.api import PersonaResponse
from shared.runs.personas.wiring import personas

router: APIRouter = PLAYGROUND.router(tags=["personas"])


@router.get(
    "/v1/personas/{persona_id}",
    operation_id="getPersona",
    summary="Get a persona",
    response_model=PersonaResponse,
    responses=error_responses(400, 404),
)
async def get(persona_id: UUID, caller: Reader) -> Response:
    """Get a persona."""
    persona = personas().get(caller.organization_id, persona_id)
    return reply(PersonaResponse.of(persona), version=persona.version)


handler = lambda_handler(router)
