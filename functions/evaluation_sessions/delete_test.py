"""DELETE /tests/{id}: delete a test without children."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from shared.evaluations.api import Error
from shared.evaluations.catalog.wiring import tests
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
    responses={400: {"model": Error}, 401: {"model": Error}, 404: {"model": Error}},
)
async def delete_test(
    identifier: Annotated[str, Path(alias="id")], caller: Writer, version: ExpectedVersion
) -> Response:
    tests().delete(caller.organization_id, identifier, expected_version=version)
    return no_content()


handler = lambda_handler(router)
