"""POST /inferenceResults: record a turn of an evaluation session."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.results.api import InferenceResult, InferenceResultInput
from shared.evaluations.results.wiring import results
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["inference-results"])


@router.post(
    "/inferenceResults",
    operation_id="createInferenceResult",
    summary="Create inference result",
    status_code=201,
    response_model=InferenceResult,
)
async def create_inference_result(
    body: InferenceResultInput, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Record a turn at the end of a session, closed or not. Its tokens and cost are added to
    the session's sums; a turn of more than 400 KB is a 413.
    """
    recorded = results().create(
        caller.organization_id, caller.key_id, body.session_id, [body.turn()], idempotency
    )
    [result] = recorded.results
    content = InferenceResult.model_validate(result)
    return reply(content, status=201, version=result.version, replayed=recorded.replayed)


handler = lambda_handler(router)
