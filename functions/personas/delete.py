"""DELETE /v1/personas/{persona_id}: delete a persona."""

from uuid import UUID

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import no_content
from shared.http.surfaces import PLAYGROUND
from shared.runs.personas.wiring import personas

router: APIRouter = PLAYGROUND.router(tags=["personas"])


@router.delete(
    "/v1/personas/{persona_id}",
    operation_id="deletePersona",
    summary="Delete a persona",
    status_code=204,
    responses=error_responses(400, 404),
)
async def delete(persona_id: UUID, caller: Writer, expected: ExpectedVersion) -> Response:
    """Delete a persona; simulations that began with it go on."""
    personas().delete(caller.organization_id, persona_id, expected)
    return no_content()


handler = lambda_handler(router)
