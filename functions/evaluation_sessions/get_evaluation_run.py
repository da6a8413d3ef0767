"""GET /runs/{id}: get a run."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.evaluation_runs.api import Run
from shared.evaluations.evaluation_runs.wiring import evaluation_runs
from shared.http.api import EntityId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["evaluation-runs"])


@router.get(
    "/runs/{id}",
    operation_id="getEvaluationRun",
    summary="Get an evaluation run",
    response_model=Run,
)
async def get_evaluation_run(identifier: EntityId, caller: Reader) -> Response:
    """Return one run. A deleted run, or one of another organization, is a 404."""
    run = evaluation_runs().get(caller.organization_id, identifier)
    return reply(Run.model_validate(run), version=run.version)


handler = lambda_handler(router)
