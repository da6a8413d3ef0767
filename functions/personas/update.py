"""PUT /v1/personas/{persona_id}: update a persona."""

from uuid import UUID

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.runs.personas.api import PersonaResponse, PersonaUpdate
from shared.runs.personas.wiring import personas

router: APIRouter = PLAYGROUND.router(tags=["personas"])


@router.put(
    "/v1/personas/{persona_id}",
    operation_id="updatePersona",
    summary="Update a persona",
    response_model=PersonaResponse,
    responses=error_responses(400, 404),
)
async def update(
    persona_id: UUID, body: PersonaUpdate, caller: Writer, expected: ExpectedVersion
) -> Response:
    """Change fields of a persona; omitted ones stay unchanged. Simulations that began with it
    go on with what they read.
    """
    persona = personas().update(caller.organization_id, persona_id, body.changes(), expected)
    return reply(PersonaResponse.of(persona), version=persona.version)


handler = lambda_handler(router)
