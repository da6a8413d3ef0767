"""DELETE /testCases/{id}: delete a test case without sessions."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from shared.evaluations.api import Error
from shared.evaluations.catalog.wiring import test_cases
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
    responses={400: {"model": Error}, 401: {"model": Error}, 404: {"model": Error}},
)
async def delete_test_case(
    identifier: Annotated[str, Path(alias="id")], caller: Writer, version: ExpectedVersion
) -> Response:
    test_cases().delete(caller.organization_id, identifier, expected_version=version)
    return no_content()


handler = lambda_handler(router)
