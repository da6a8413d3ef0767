"""DELETE /evaluations/{id}: delete an evaluation."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.evaluations.wiring import evaluations
from shared.http.api import EntityId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import no_content
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["evaluations"])


@router.delete(
    "/evaluations/{id}",
    operation_id="deleteEvaluation",
    summary="Delete an evaluation",
    status_code=204,
)
async def delete_evaluation(
    identifier: EntityId, caller: Writer, version: ExpectedVersion
) -> Response:
    """Delete an evaluation; one that waits for the judge is not judged any more."""
    evaluations().delete(caller.organization_id, identifier, expected_version=version)
    return no_content()


handler = lambda_handler(router)
