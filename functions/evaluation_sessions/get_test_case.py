"""GET /testCases/{id}: get a test case."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.catalog.api import TestCase
from shared.evaluations.catalog.wiring import test_cases
from shared.http.api import EntityId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["test-cases"])


@router.get(
    "/testCases/{id}",
    operation_id="getTestCase",
    summary="Get a test case",
    response_model=TestCase,
)
async def get_test_case(identifier: EntityId, caller: Reader) -> Response:
    """Return one test case. A deleted test case, or one of another organization, is a 404."""
    entity = test_cases().get(caller.organization_id, identifier)
    return reply(TestCase.model_validate(entity), version=entity.version)


handler = lambda_handler(router)
