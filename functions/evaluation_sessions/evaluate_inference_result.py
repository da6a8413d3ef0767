"""POST /evaluations/fromInferenceResult: evaluate a turn by metrics."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.evaluations.api import Evaluation, ResultEvaluationInput
from shared.evaluations.evaluations.wiring import evaluations
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["evaluations"])


@router.post(
    "/evaluations/fromInferenceResult",
    operation_id="createEvaluationsFromInferenceResult",
    summary="Evaluate an inference result",
    status_code=201,
    response_model=list[Evaluation],
)
async def evaluate_inference_result(
    body: ResultEvaluationInput, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Evaluate one turn of a session by up to 50 metrics, all or none. Scores of self-hosted
    metrics are stored as they are; others are PENDING until the judge model has decided.
    """
    request = body.request(caller.organization_id, caller.key_id, idempotency)
    created = evaluations().create_of_result(request, body.inference_result_id)
    content = [Evaluation.model_validate(one) for one in created.evaluations]
    return reply(content, status=201, replayed=created.replayed)


handler = lambda_handler(router)
