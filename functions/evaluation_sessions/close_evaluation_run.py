"""POST /runs/{id}/close: close a run."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.evaluation_runs.api import Run
from shared.evaluations.evaluation_runs.wiring import evaluation_runs
from shared.http.api import EntityId
from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["evaluation-runs"])


@router.post(
    "/runs/{id}/close",
    operation_id="closeEvaluationRun",
    summary="Close an evaluation run",
    response_model=Run,
    responses={409: {"description": "The run is closed already"}},
)
async def close_evaluation_run(identifier: EntityId, caller: Writer) -> Response:
    """Close a run: it accepts no more sessions and evaluations."""
    run = evaluation_runs().close(caller.organization_id, identifier)
    return reply(Run.model_validate(run), version=run.version)


handler = lambda_handler(router)
