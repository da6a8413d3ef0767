"""POST /evaluations/fromSession: evaluate a session by metrics."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.evaluations.api import Evaluation, SessionEvaluationInput
from shared.evaluations.evaluations.wiring import evaluations
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["evaluations"])


@router.post(
    "/evaluations/fromSession",
    operation_id="createEvaluationsFromSession",
    summary="Evaluate a session",
    status_code=201,
    response_model=list[Evaluation],
)
async def evaluate_session(
    body: SessionEvaluationInput, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Evaluate a session by up to 50 metrics, all or none. Scores of self-hosted metrics are
    stored as they are; others are PENDING until the judge model has decided, in the background.
    """
    request = body.request(caller.organization_id, caller.key_id, idempotency)
    created = evaluations().create_of_session(request, body.session_id)
    content = [Evaluation.model_validate(one) for one in created.evaluations]
    return reply(content, status=201, replayed=created.replayed)


handler = lambda_handler(router)
