"""POST /runs: open a run of a product."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.evaluation_runs.api import Run, RunInput
from shared.evaluations.evaluation_runs.wiring import evaluation_runs
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["evaluation-runs"])


@router.post(
    "/runs",
    operation_id="createEvaluationRun",
    summary="Open an evaluation run",
    status_code=201,
    response_model=Run,
)
async def create_evaluation_run(
    body: RunInput, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Open a run, which groups sessions and evaluations of a product until it is closed. A custom
    id that the product already has is a 400; an unknown product or version is a 404.
    """
    key = (caller.organization_id, caller.key_id)
    created = evaluation_runs().create(*key, body.new_run(), idempotency)
    content = Run.model_validate(created.entity)
    return reply(content, status=201, version=created.entity.version, replayed=created.replayed)


handler = lambda_handler(router)
