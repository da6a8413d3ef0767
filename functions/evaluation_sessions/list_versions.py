"""GET /versions: a page of versions, newest first."""

from fastapi import APIRouter, Request, Response

from shared.evaluations.api import Error
from shared.evaluations.parent_documents import VERSIONS
from shared.evaluations.parent_models import Version
from shared.evaluations.query import VERSION_FILTERS, ListParameters, parameters
from shared.evaluations.service import parents
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.replies import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["versions"])


@router.get(
    "/versions",
    operation_id="getVersions",
    summary="List versions",
    response_model=list[Version],
    responses={400: {"model": Error}, 401: {"model": Error}, 404: {"model": Error}},
    openapi_extra=parameters(**VERSION_FILTERS),
)
async def list_versions(request: Request, caller: Reader) -> Response:
    query = ListParameters(request.query_params.multi_items())
    cursors = Cursors(caller.organization_id, VERSIONS.name, query.filters)
    window = query.window(after=cursors.read(query.cursor))
    page = parents().find(VERSIONS, caller.organization_id, query.versions(), window)
    items = [Version.model_validate(entity) for entity in page.items]
    return reply(items, next_cursor=cursors.write(page.after))


handler = lambda_handler(router)
