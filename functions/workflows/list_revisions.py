"""GET /v1/workflows/{workflow_id}/revisions: list the revisions of a workflow, newest first."""

from shared.http.framework import APIRouter, Response

from shared.core.ids import WorkflowId
from shared.http.api import PageQuery, PageResponse, error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.revisions.api import WorkflowRevisionResponse
from shared.playground.revisions.wiring import revisions

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.get(
    "/v1/workflows/{workflow_id}/revisions",
    operation_id="listWorkflowRevisions",
    summary="List workflow revisions",
    response_model=PageResponse[WorkflowRevisionResponse],
    responses=error_responses(400, 404),
)
async def list_revisions(workflow_id: WorkflowId, caller: Reader, query: PageQuery) -> Response:
    """List the revisions of a workflow, newest first, without their graphs. A page has fewer
    than `limit` revisions if they are large; continue while there is a `next_cursor`.
    """
    cursors = Cursors(caller.organization_id, f"workflow-{workflow_id}-revisions")
    start = cursors.read(query.cursor)
    page = revisions().list_revisions(caller.organization_id, workflow_id, query.limit, start)
    items = [WorkflowRevisionResponse.of(revision) for revision in page.items]
    return reply(PageResponse.of(items, cursors, page.next_cursor))


handler = lambda_handler(router)
