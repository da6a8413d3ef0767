"""POST /testCases: create a test case of a test."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.catalog.api import TestCase, TestCaseInput
from shared.evaluations.catalog.wiring import test_cases
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["test-cases"])


@router.post(
    "/testCases",
    operation_id="createTestCase",
    summary="Create a test case",
    status_code=201,
    response_model=TestCase,
)
async def create_test_case(
    body: TestCaseInput, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Create a test case of a test. Input and context may be strings or objects, and are
    returned as objects. An unknown test is a 404.
    """
    created = test_cases().create(
        caller.organization_id, caller.key_id, body.model_dump(), idempotency
    )
    content = TestCase.model_validate(created.entity)
    return reply(content, status=201, version=created.entity.version, replayed=created.replayed)


handler = lambda_handler(router)
