"""PATCH /tests/{id}: update fields of a test."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from shared.evaluations.api import Error
from shared.evaluations.catalog.api import Test, TestUpdate
from shared.evaluations.catalog.wiring import tests
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
    responses={400: {"model": Error}, 401: {"model": Error}, 404: {"model": Error}},
)
async def update_test(
    identifier: Annotated[str, Path(alias="id")],
    body: TestUpdate,
    caller: Writer,
    version: ExpectedVersion,
) -> Response:
    entity = tests().update(
        caller.organization_id, identifier, body.sent_fields(), expected_version=version
    )
    return reply(Test.model_validate(entity), version=entity.version)


handler = lambda_handler(router)
