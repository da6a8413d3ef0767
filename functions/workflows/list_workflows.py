"""GET /v1/workflows: list the organization's workflows, newest first."""

from shared.http.framework import APIRouter, Response

from shared.http.api import PageQuery, PageResponse, error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.workflows.api import WorkflowListResponse
from shared.playground.workflows.wiring import workflows

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.get(
    "/v1/workflows",
    operation_id="listWorkflows",
    summary="List workflows",
    response_model=PageResponse[WorkflowListResponse],
    responses=error_responses(400),
)
async def list_workflows(caller: Reader, query: PageQuery) -> Response:
    """List workflows, newest first, without metadata and revisions. A page has fewer than
    `limit` workflows if they are large; continue while there is a `next_cursor`.
    """
    cursors = Cursors(caller.organization_id, "workflows")
    start = cursors.read(query.cursor)
    page = workflows().list_workflows(caller.organization_id, query.limit, start)
    items = [WorkflowListResponse.of(workflow) for workflow in page.items]
    return reply(PageResponse.of(items, cursors, page.next_cursor))


handler = lambda_handler(router)
