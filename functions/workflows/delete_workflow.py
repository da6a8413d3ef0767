"""DELETE /v1/workflows/{workflow_id}: delete a workflow and its revisions."""

from shared.http.framework import APIRouter, Response

from shared.core.ids import WorkflowId
from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import no_content
from shared.http.surfaces import PLAYGROUND
from shared.playground.workflows.wiring import workflows

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.delete(
    "/v1/workflows/{workflow_id}",
    operation_id="deleteWorkflow",
    summary="Delete a workflow",
    status_code=204,
    responses=error_responses(400, 404, 409),
)
async def delete_workflow(
    workflow_id: WorkflowId, caller: Writer, expected: ExpectedVersion
) -> Response:
    """Delete a workflow with all its revisions. Sessions that were opened on one continue."""
    workflows().delete(caller.organization_id, workflow_id, expected)
    return no_content()


handler = lambda_handler(router)
