"""GET /v1/workflows: list the organisation's workflows, newest first."""

from fastapi import APIRouter, Response

from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.pages import Asked, CursorPage
from shared.http.paging import Cursors
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.workflows.responses import WorkflowListResponse
from shared.playground.workflows.service import workflows

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.get(
    "/v1/workflows",
    operation_id="listWorkflows",
    summary="List workflows",
    response_model=CursorPage[WorkflowListResponse],
    responses=refusals(400),
)
async def list_workflows(caller: Reader, asked: Asked) -> Response:
    cursors = Cursors(caller.organization_id, "workflows")
    start = cursors.read(asked.cursor)
    found, after = workflows().list_workflows(caller.organization_id, asked.limit, start)
    items = [WorkflowListResponse.of(workflow) for workflow in found]
    return reply(CursorPage.of(items, cursors, after))


handler = lambda_handler(router)
