"""GET /versions: list versions, newest first."""

from shared.http.framework import APIRouter, Request, Response

from shared.evaluations.catalog.api import Version
from shared.evaluations.catalog.filters import VERSION_FILTERS, catalog_filter
from shared.evaluations.catalog.wiring import versions
from shared.evaluations.query_parameters import ListParameters, parameters
from shared.http.bare_lists import reply_list
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["versions"])


@router.get(
    "/versions",
    operation_id="getVersions",
    summary="List versions",
    response_model=list[Version],
    openapi_extra=parameters(VERSION_FILTERS),
)
async def list_versions(request: Request, caller: Reader) -> Response:
    """List versions, newest first; several filters must all match. A page ends at `limit` or at
    about 6 MB; `X-Next-Cursor` continues it.
    """
    query = ListParameters(request.query_params.multi_items())
    cursors = Cursors(caller.organization_id, "version", query.filters)
    window = query.window(after=cursors.read(query.cursor))
    accepted = catalog_filter(query, VERSION_FILTERS)
    page = versions().find(caller.organization_id, accepted, window)
    return reply_list(page, Version, cursors, query.ignored)


handler = lambda_handler(router)
