"""DELETE /testCases/{id}: delete a test case without sessions."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.catalog.wiring import test_cases
from shared.http.api import EntityId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import no_content
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["test-cases"])


@router.delete(
    "/testCases/{id}",
    operation_id="deleteTestCase",
    summary="Delete test case",
    status_code=204,
)
async def delete_test_case(
    identifier: EntityId, caller: Writer, version: ExpectedVersion
) -> Response:
    """Delete a test case without sessions. A test case that has some is kept: the answer is a
    400 that names them.
    """
    test_cases().delete(caller.organization_id, identifier, expected_version=version)
    return no_content()


handler = lambda_handler(router)
