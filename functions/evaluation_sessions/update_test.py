"""PATCH /tests/{id}: update fields of a test."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.catalog.api import Test, TestUpdate
from shared.evaluations.catalog.wiring import tests
from shared.http.api import EntityId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["tests"])


@router.patch(
    "/tests/{id}",
    operation_id="updateTest",
    summary="Update test",
    response_model=Test,
)
async def update_test(
    identifier: EntityId, body: TestUpdate, caller: Writer, version: ExpectedVersion
) -> Response:
    """Change the fields that are sent; null clears a field. Fields that cannot change are
    accepted with their current value only.
    """
    entity = tests().update(
        caller.organization_id, identifier, body.sent_fields(), expected_version=version
    )
    return reply(Test.model_validate(entity), version=entity.version)


handler = lambda_handler(router)
