"""DELETE /inferenceResults/{id}: delete a turn and reduce the index of later ones."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from shared.evaluations.api import Error
from shared.evaluations.results.wiring import results
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
    responses={401: {"model": Error}, 404: {"model": Error}},
)
async def delete_inference_result(
    identifier: Annotated[str, Path(alias="id")], caller: Writer, version: ExpectedVersion
) -> Response:
    results().delete(caller.organization_id, identifier, expected_version=version)
    return no_content()


handler = lambda_handler(router)
