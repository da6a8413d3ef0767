"""GET /testCases: list test cases, newest first."""

from fastapi import APIRouter, Request, Response

from shared.evaluations.api import Error
from shared.evaluations.catalog.api import TestCase
from shared.evaluations.catalog.filters import TEST_CASE_FILTERS, test_case_filter
from shared.evaluations.catalog.wiring import test_cases
from shared.evaluations.query_parameters import ListParameters, parameters
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["test-cases"])


@router.get(
    "/testCases",
    operation_id="getTestCases",
    summary="List test cases",
    response_model=list[TestCase],
    responses={400: {"model": Error}, 401: {"model": Error}, 404: {"model": Error}},
    openapi_extra=parameters(TEST_CASE_FILTERS),
)
async def list_test_cases(request: Request, caller: Reader) -> Response:
    query = ListParameters(request.query_params.multi_items())
    cursors = Cursors(caller.organization_id, "test-case", query.filters)
    window = query.window(after=cursors.read(query.cursor))
    page = test_cases().find(caller.organization_id, test_case_filter(query), window)
    items = [TestCase.model_validate(entity) for entity in page.items]
    return reply(items, next_cursor=cursors.write(page.next_cursor))


handler = lambda_handler(router)
