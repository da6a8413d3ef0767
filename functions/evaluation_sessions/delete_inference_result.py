"""DELETE /inferenceResults/{id}: delete a turn and reduce the index of later ones."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.results.wiring import results
from shared.http.api import EntityId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import no_content
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["inference-results"])


@router.delete(
    "/inferenceResults/{id}",
    operation_id="deleteInferenceResult",
    summary="Delete inference result",
    status_code=204,
)
async def delete_inference_result(
    identifier: EntityId, caller: Writer, version: ExpectedVersion
) -> Response:
    """Delete a turn with its content. The index of later turns decreases, and the session's
    sums no longer include the turn.
    """
    results().delete(caller.organization_id, identifier, expected_version=version)
    return no_content()


handler = lambda_handler(router)
