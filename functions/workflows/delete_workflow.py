"""DELETE /v1/workflows/{workflow_id}: remove a workflow and its revisions."""

from fastapi import APIRouter, Response

from shared.core.ids import WorkflowId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.replies import no_content
from shared.http.surfaces import PLAYGROUND
from shared.playground.workflows.service import workflows

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.delete(
    "/v1/workflows/{workflow_id}",
    operation_id="deleteWorkflow",
    summary="Delete a workflow",
    status_code=204,
    responses=refusals(400, 404, 409),
)
async def delete_workflow(
    workflow_id: WorkflowId, caller: Writer, expected: ExpectedVersion
) -> Response:
    workflows().delete_workflow(caller.organization_id, workflow_id, expected)
    return no_content()


handler = lambda_handler(router)
