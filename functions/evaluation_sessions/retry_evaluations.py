"""POST /evaluations/retry: judge evaluations again."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.evaluations.api import Retried, RetryInput
from shared.evaluations.evaluations.wiring import evaluations
from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["evaluations"])


@router.post(
    "/evaluations/retry",
    operation_id="retryEvaluations",
    summary="Retry evaluations",
    response_model=Retried,
)
async def retry_evaluations(body: RetryInput, caller: Writer) -> Response:
    """Judge evaluations again that failed or were skipped, each up to ten times. Others, and
    unknown ones, are named with the reason.
    """
    retried = evaluations().retry(caller.organization_id, body.ids)
    return reply(Retried.model_validate(retried))


handler = lambda_handler(router)
