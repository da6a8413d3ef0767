"""DELETE /runs/{id}: delete a run; its sessions stay."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.evaluation_runs.wiring import evaluation_runs
from shared.http.api import EntityId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import no_content
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["evaluation-runs"])


@router.delete(
    "/runs/{id}",
    operation_id="deleteEvaluationRun",
    summary="Delete an evaluation run",
    status_code=204,
)
async def delete_evaluation_run(
    identifier: EntityId, caller: Writer, version: ExpectedVersion
) -> Response:
    """Delete a run and release its custom id. Its sessions and evaluations stay, with its id."""
    evaluation_runs().delete(caller.organization_id, identifier, expected_version=version)
    return no_content()


handler = lambda_handler(router)
