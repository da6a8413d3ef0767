"""GET /inferenceResults/{id}: get a turn of an evaluation session."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.results.api import InferenceResult
from shared.evaluations.results.wiring import results
from shared.http.api import EntityId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["inference-results"])


@router.get(
    "/inferenceResults/{id}",
    operation_id="getInferenceResult",
    summary="Get inference result by ID",
    response_model=InferenceResult,
)
async def get_inference_result(identifier: EntityId, caller: Reader) -> Response:
    """Return one turn, with its index in the session as it is now. A deleted turn is a 404."""
    result = results().get(caller.organization_id, identifier)
    return reply(InferenceResult.model_validate(result), version=result.version)


handler = lambda_handler(router)
