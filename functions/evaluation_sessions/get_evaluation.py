"""GET /evaluations/{id}: get an evaluation."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.evaluations.api import Evaluation
from shared.evaluations.evaluations.wiring import evaluations
from shared.http.api import EntityId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["evaluations"])


@router.get(
    "/evaluations/{id}",
    operation_id="getEvaluation",
    summary="Get an evaluation",
    response_model=Evaluation,
)
async def get_evaluation(identifier: EntityId, caller: Reader) -> Response:
    """Return one evaluation. One that was deleted, or whose session was, is a 404."""
    entity = evaluations().get(caller.organization_id, identifier)
    return reply(Evaluation.model_validate(entity), version=entity.version)


handler = lambda_handler(router)
