"""GET /v1/workflows/{workflow_id}/revisions: list the revisions of a workflow, newest first."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from shared.core.ids import WorkflowId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.pages import CursorPage
from shared.http.paging import Cursors
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.workflows.responses import WorkflowRevisionResponse
from shared.playground.workflows.service import workflows

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.get(
    "/v1/workflows/{workflow_id}/revisions",
    operation_id="listWorkflowRevisions",
    summary="List workflow revisions",
    response_model=CursorPage[WorkflowRevisionResponse],
    responses=refusals(400, 404),
)
async def list_revisions(
    workflow_id: WorkflowId,
    caller: Reader,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: str | None = None,
) -> Response:
    cursors = Cursors(caller.organization_id, f"workflow-{workflow_id}-revisions")
    start = cursors.read(cursor)
    found, after = workflows().list_revisions(caller.organization_id, workflow_id, limit, start)
    return reply(CursorPage.of(list(map(WorkflowRevisionResponse.of, found)), cursors, after))


handler = lambda_handler(router)
