"""GET /testCases: a page of test cases, newest first."""

from fastapi import APIRouter, Request, Response

from shared.evaluations.api import Error
from shared.evaluations.parent_documents import TEST_CASES
from shared.evaluations.parent_models import TestCase
from shared.evaluations.query import TEST_CASE_FILTERS, ListParameters, parameters
from shared.evaluations.service import parents
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.replies import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["test-cases"])


@router.get(
    "/testCases",
    operation_id="getTestCases",
    summary="List test cases",
    response_model=list[TestCase],
    responses={400: {"model": Error}, 401: {"model": Error}, 404: {"model": Error}},
    openapi_extra=parameters(**TEST_CASE_FILTERS),
)
async def list_test_cases(request: Request, caller: Reader) -> Response:
    query = ListParameters(request.query_params.multi_items())
    cursors = Cursors(caller.organization_id, TEST_CASES.name, query.filters)
    window = query.window(after=cursors.read(query.cursor))
    page = parents().find(TEST_CASES, caller.organization_id, query.test_cases(), window)
    items = [TestCase.model_validate(entity) for entity in page.items]
    return reply(items, next_cursor=cursors.write(page.after))


handler = lambda_handler(router)
