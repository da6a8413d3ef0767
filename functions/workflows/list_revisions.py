"""GET /v1/workflows/{workflow_id}/revisions: list the revisions of a workflow, newest first."""

from fastapi import APIRouter, Response

from shared.core.ids import WorkflowId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.pages import Asked, CursorPage
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
async def list_revisions(workflow_id: WorkflowId, caller: Reader, asked: Asked) -> Response:
    cursors = Cursors(caller.organization_id, f"workflow-{workflow_id}-revisions")
    start = cursors.read(asked.cursor)
    found, after = workflows().list_revisions(
        caller.organization_id, workflow_id, asked.limit, start
    )
    return reply(CursorPage.of(list(map(WorkflowRevisionResponse.of, found)), cursors, after))


handler = lambda_handler(router)
