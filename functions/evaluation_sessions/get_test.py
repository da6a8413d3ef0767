"""GET /tests/{id}: get a test."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from shared.evaluations.api import Error
from shared.evaluations.catalog.api import Test
from shared.evaluations.catalog.wiring import tests
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["tests"])


@router.get(
    "/tests/{id}",
    operation_id="getTest",
    summary="Get a test",
    response_model=Test,
    responses={401: {"model": Error}, 404: {"model": Error}},
)
async def get_test(identifier: Annotated[str, Path(alias="id")], caller: Reader) -> Response:
    entity = tests().get(caller.organization_id, identifier)
    return reply(Test.model_validate(entity), version=entity.version)


handler = lambda_handler(router)
