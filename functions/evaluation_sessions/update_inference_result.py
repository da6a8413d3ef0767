"""PATCH /inferenceResults/{id}: update fields of a turn."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.results.api import InferenceResult, InferenceResultUpdate
from shared.evaluations.results.wiring import results
from shared.http.api import EntityId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["inference-results"])


@router.patch(
    "/inferenceResults/{id}",
    operation_id="updateInferenceResult",
    summary="Update inference result",
    response_model=InferenceResult,
)
async def update_inference_result(
    identifier: EntityId, body: InferenceResultUpdate, caller: Writer, version: ExpectedVersion
) -> Response:
    """Change the fields that are sent; null clears a field. An output completes a PENDING turn
    and an error fails it; the session's sums follow.
    """
    result = results().update(
        caller.organization_id, identifier, body.sent_fields(), expected_version=version
    )
    return reply(InferenceResult.model_validate(result), version=result.version)


handler = lambda_handler(router)
