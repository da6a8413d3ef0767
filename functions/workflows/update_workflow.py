"""PUT /v1/workflows/{workflow_id}: change name, description or metadata."""

from fastapi import APIRouter, Response

from shared.core.ids import WorkflowId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.workflows.requests import WorkflowUpdate
from shared.playground.workflows.responses import WorkflowResponse
from shared.playground.workflows.service import workflows

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.put(
    "/v1/workflows/{workflow_id}",
    operation_id="updateWorkflow",
    summary="Update a workflow",
    response_model=WorkflowResponse,
    responses=refusals(400, 404),
)
async def update_workflow(
    workflow_id: WorkflowId, body: WorkflowUpdate, caller: Writer, expected: ExpectedVersion
) -> Response:
    workflow, active = workflows().update_workflow(
        caller.organization_id, workflow_id, body.changes(), expected
    )
    return reply(WorkflowResponse.of(workflow, active), version=workflow.version)


handler = lambda_handler(router)
