"""DELETE /tests/{id}: delete a test without children."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.catalog.wiring import tests
from shared.http.api import EntityId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import no_content
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["tests"])


@router.delete(
    "/tests/{id}",
    operation_id="deleteTest",
    summary="Delete test",
    status_code=204,
)
async def delete_test(identifier: EntityId, caller: Writer, version: ExpectedVersion) -> Response:
    """Delete a test without test cases. A test that has some is kept: the answer is a 400 that
    names them.
    """
    tests().delete(caller.organization_id, identifier, expected_version=version)
    return no_content()


handler = lambda_handler(router)
