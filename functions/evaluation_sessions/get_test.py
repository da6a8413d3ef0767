"""GET /tests/{id}: get a test."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.catalog.api import Test
from shared.evaluations.catalog.wiring import tests
from shared.http.api import EntityId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["tests"])


@router.get(
    "/tests/{id}",
    operation_id="getTest",
    summary="Get a test",
    response_model=Test,
)
async def get_test(identifier: EntityId, caller: Reader) -> Response:
    """Return one test without its test cases. A deleted test, or one of another organization,
    is a 404.
    """
    entity = tests().get(caller.organization_id, identifier)
    return reply(Test.model_validate(entity), version=entity.version)


handler = lambda_handler(router)
