"""PATCH /testCases/{id}: update fields of a test case."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.catalog.api import TestCase, TestCaseUpdate
from shared.evaluations.catalog.wiring import test_cases
from shared.http.api import EntityId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["test-cases"])


@router.patch(
    "/testCases/{id}",
    operation_id="updateTestCase",
    summary="Update test case",
    response_model=TestCase,
)
async def update_test_case(
    identifier: EntityId, body: TestCaseUpdate, caller: Writer, version: ExpectedVersion
) -> Response:
    """Change the fields that are sent; null clears a field. Existing sessions keep the context
    that they were created with.
    """
    entity = test_cases().update(
        caller.organization_id, identifier, body.sent_fields(), expected_version=version
    )
    return reply(TestCase.model_validate(entity), version=entity.version)


handler = lambda_handler(router)
