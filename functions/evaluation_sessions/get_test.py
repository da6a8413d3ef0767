"""GET /tests/{id}: one test."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from shared.evaluations.api import Error
from shared.evaluations.parent_documents import TESTS
from shared.evaluations.parent_models import Test
from shared.evaluations.service import parents
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.replies import reply
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
    entity = parents().get(TESTS, caller.organization_id, identifier)
    return reply(Test.model_validate(entity), version=entity.version)


handler = lambda_handler(router)
