"""GET /tests: list tests, newest first."""

from shared.http.framework import APIRouter, Request, Response

from shared.evaluations.catalog.api import Test
from shared.evaluations.catalog.filters import TEST_FILTERS, catalog_filter
from shared.evaluations.catalog.wiring import tests
from shared.evaluations.query_parameters import ListParameters, parameters
from shared.http.bare_lists import reply_list
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["tests"])


@router.get(
    "/tests",
    operation_id="getTests",
    summary="List tests",
    response_model=list[Test],
    openapi_extra=parameters(TEST_FILTERS),
)
async def list_tests(request: Request, caller: Reader) -> Response:
    """List tests, newest first; several filters must all match. A page ends at `limit` or at
    about 6 MB; `X-Next-Cursor` continues it.
    """
    query = ListParameters(request.query_params.multi_items())
    cursors = Cursors(caller.organization_id, "test", query.filters)
    window = query.window(after=cursors.read(query.cursor))
    accepted = catalog_filter(query, TEST_FILTERS)
    page = tests().find(caller.organization_id, accepted, window)
    return reply_list(page, Test, cursors, query.ignored)


handler = lambda_handler(router)
