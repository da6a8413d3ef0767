"""PUT /v1/workflows/{workflow_id}: change name, description or metadata."""

from shared.http.framework import APIRouter, Response

from shared.core.ids import WorkflowId
from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.workflows.api import WorkflowResponse, WorkflowUpdate
from shared.playground.workflows.wiring import workflows

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.put(
    "/v1/workflows/{workflow_id}",
    operation_id="updateWorkflow",
    summary="Update a workflow",
    response_model=WorkflowResponse,
    responses=error_responses(400, 404),
)
async def update_workflow(
    workflow_id: WorkflowId, body: WorkflowUpdate, caller: Writer, expected: ExpectedVersion
) -> Response:
    """Change name, description or metadata; omitted fields stay unchanged."""
    workflow, active = workflows().update(
        caller.organization_id, workflow_id, body.changes(), expected
    )
    return reply(WorkflowResponse.of(workflow, active), version=workflow.version)


handler = lambda_handler(router)
