"""POST /inferenceResults/batch: record a conversation, all turns or none."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.results.api import (
    MAX_BATCH_BODY,
    InferenceResult,
    InferenceResultBatchInput,
)
from shared.evaluations.results.wiring import results
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["inference-results"], max_body_bytes=MAX_BATCH_BODY)


@router.post(
    "/inferenceResults/batch",
    operation_id="createInferenceResultsBatch",
    summary="Create inference results",
    status_code=201,
    response_model=list[InferenceResult],
)
async def create_inference_results_batch(
    body: InferenceResultBatchInput, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Record up to 100 messages, of 4 MB at most (else 413), as turns: all or none."""
    recorded = results().create(
        caller.organization_id, caller.key_id, body.session_id, body.turns(), idempotency
    )
    content = [InferenceResult.model_validate(result) for result in recorded.results]
    return reply(content, status=201, replayed=recorded.replayed)


handler = lambda_handler(router)
