"""GET /testCases/{id}: get a test case."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from shared.evaluations.api import Error
from shared.evaluations.catalog.api import TestCase
from shared.evaluations.catalog.wiring import test_cases
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
    responses={401: {"model": Error}, 404: {"model": Error}},
)
async def get_test_case(identifier: Annotated[str, Path(alias="id")], caller: Reader) -> Response:
    entity = test_cases().get(caller.organization_id, identifier)
    return reply(TestCase.model_validate(entity), version=entity.version)


handler = lambda_handler(router)
