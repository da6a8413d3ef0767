"""DELETE /traces/{id}: delete a step of a turn."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.traces.wiring import trace_lists
from shared.http.api import EntityId
from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.responses import no_content
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["traces"])


@router.delete(
    "/traces/{id}",
    operation_id="deleteTrace",
    summary="Delete trace",
    status_code=204,
)
async def delete_trace(identifier: EntityId, caller: Writer) -> Response:
    """Delete a step, in each turn that uses its id. Steps that are part of it stay."""
    trace_lists().delete(caller.organization_id, identifier)
    return no_content()


handler = lambda_handler(router)
