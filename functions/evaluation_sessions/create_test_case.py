"""POST /testCases: a case of a test."""

from fastapi import APIRouter, Response

from shared.evaluations.api import Error
from shared.evaluations.parent_documents import TEST_CASES
from shared.evaluations.parent_models import TestCase, TestCaseInput
from shared.evaluations.service import parents
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.replies import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["test-cases"])


@router.post(
    "/testCases",
    operation_id="createTestCase",
    summary="Create a test case",
    status_code=201,
    response_model=TestCase,
    responses={400: {"model": Error}, 401: {"model": Error}, 404: {"model": Error}},
)
async def create_test_case(
    body: TestCaseInput, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    made = parents().create(
        TEST_CASES, caller.organization_id, caller.key_id, body.model_dump(), idempotency
    )
    content = TestCase.model_validate(made.entity)
    return reply(content, status=201, version=made.entity.version, replayed=made.replayed)


handler = lambda_handler(router)
