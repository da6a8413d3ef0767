"""GET /inferenceResults/{id}: get a turn of an evaluation session."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from shared.evaluations.api import Error
from shared.evaluations.results.api import InferenceResult
from shared.evaluations.results.wiring import results
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
    responses={401: {"model": Error}, 404: {"model": Error}},
)
async def get_inference_result(
    identifier: Annotated[str, Path(alias="id")], caller: Reader
) -> Response:
    result = results().get(caller.organization_id, identifier)
    return reply(InferenceResult.model_validate(result), version=result.version)


handler = lambda_handler(router)
