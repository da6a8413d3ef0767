"""PATCH /inferenceResults/{id}: update fields of a turn."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from shared.evaluations.api import Error
from shared.evaluations.results.api import InferenceResult, InferenceResultUpdate
from shared.evaluations.results.wiring import results
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
    responses={400: {"model": Error}, 401: {"model": Error}, 404: {"model": Error}},
)
async def update_inference_result(
    identifier: Annotated[str, Path(alias="id")],
    body: InferenceResultUpdate,
    caller: Writer,
    version: ExpectedVersion,
) -> Response:
    result = results().update(
        caller.organization_id, identifier, body.sent_fields(), expected_version=version
    )
    return reply(InferenceResult.model_validate(result), version=result.version)


handler = lambda_handler(router)
