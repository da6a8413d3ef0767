"""POST /evaluations/singleTurn: record a turn and evaluate it."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.evaluations.api import Evaluation, SingleTurnInput
from shared.evaluations.evaluations.wiring import single_turn_evaluation
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["evaluations"])


@router.post(
    "/evaluations/singleTurn",
    operation_id="createSingleTurnEvaluations",
    summary="Evaluate a single turn",
    status_code=201,
    response_model=list[Evaluation],
)
async def evaluate_single_turn(
    body: SingleTurnInput, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Record a turn in a completed session of its own, and evaluate it by up to 50 metrics. With
    a product only, its newest version counts as the one that answered.
    """
    request = body.request(caller.organization_id, caller.key_id, idempotency)
    created = single_turn_evaluation().create(request, body.single_turn())
    content = [Evaluation.model_validate(one) for one in created.evaluations]
    return reply(content, status=201, replayed=created.replayed)


handler = lambda_handler(router)
