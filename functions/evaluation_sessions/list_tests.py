"""GET /tests: a page of tests, newest first."""

from fastapi import APIRouter, Request, Response

from shared.evaluations.api import Error
from shared.evaluations.parent_documents import TESTS
from shared.evaluations.parent_models import Test
from shared.evaluations.query import TEST_FILTERS, ListParameters, parameters
from shared.evaluations.service import parents
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.replies import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["tests"])


@router.get(
    "/tests",
    operation_id="getTests",
    summary="List tests",
    response_model=list[Test],
    responses={400: {"model": Error}, 401: {"model": Error}, 404: {"model": Error}},
    openapi_extra=parameters(**TEST_FILTERS),
)
async def list_tests(request: Request, caller: Reader) -> Response:
    query = ListParameters(request.query_params.multi_items())
    cursors = Cursors(caller.organization_id, TESTS.name, query.filters)
    window = query.window(after=cursors.read(query.cursor))
    page = parents().find(TESTS, caller.organization_id, query.tests(), window)
    items = [Test.model_validate(entity) for entity in page.items]
    return reply(items, next_cursor=cursors.write(page.after))


handler = lambda_handler(router)
