"""POST /evaluations/fromVersion: evaluate the recorded sessions of a version."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.evaluations.api import VersionEvaluation, VersionEvaluationInput
from shared.evaluations.evaluations.wiring import version_evaluation
from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["evaluations"])


@router.post(
    "/evaluations/fromVersion",
    operation_id="createEvaluationsFromVersion",
    summary="Evaluate a version",
    response_model=VersionEvaluation,
)
async def evaluate_version(body: VersionEvaluationInput, caller: Writer) -> Response:
    """Evaluate the recorded sessions of a version's test cases, up to 100, by the given metrics,
    or by all that a judge model decides; what an earlier such request evaluated is left alone.
    No endpoint is called, as versions have none: a client or `POST /v1/runs` runs the agent.
    """
    request = body.request(caller.organization_id, caller.key_id)
    created = version_evaluation().create(request, body.version_id, body.product_id)
    return reply(VersionEvaluation.model_validate(created))


handler = lambda_handler(router)
