"""GET /testCases: list test cases, newest first."""

from shared.http.framework import APIRouter, Request, Response

from shared.evaluations.catalog.api import TestCase
from shared.evaluations.catalog.filters import TEST_CASE_FILTERS, test_case_filter
from shared.evaluations.catalog.wiring import test_cases
from shared.evaluations.query_parameters import ListParameters, parameters
from shared.http.bare_lists import reply_list
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["test-cases"])


@router.get(
    "/testCases",
    operation_id="getTestCases",
    summary="List test cases",
    response_model=list[TestCase],
    openapi_extra=parameters(TEST_CASE_FILTERS),
)
async def list_test_cases(request: Request, caller: Reader) -> Response:
    """List test cases, newest first; several filters must all match. A page ends at `limit` or at
    about 6 MB; `X-Next-Cursor` continues it.
    """
    query = ListParameters(request.query_params.multi_items())
    cursors = Cursors(caller.organization_id, "test-case", query.filters)
    window = query.window(after=cursors.read(query.cursor))
    page = test_cases().find(caller.organization_id, test_case_filter(query), window)
    return reply_list(page, TestCase, cursors, query.ignored)


handler = lambda_handler(router)
