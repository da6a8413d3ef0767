"""POST /v1/workflows: make a workflow without revisions."""

from fastapi import APIRouter, Response

from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.workflows.requests import WorkflowCreate
from shared.playground.workflows.responses import WorkflowResponse
from shared.playground.workflows.service import workflows

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.post(
    "/v1/workflows",
    operation_id="createWorkflow",
    summary="Create a workflow",
    status_code=201,
    response_model=WorkflowResponse,
    responses=refusals(400),
)
async def create_workflow(
    body: WorkflowCreate, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    made = workflows().create_workflow(
        caller.organization_id,
        body.name,
        description=body.description,
        metadata=body.metadata,
        idempotency=idempotency,
    )
    content = WorkflowResponse.of(made.value)
    return reply(content, status=201, version=made.value.version, replayed=made.replayed)


handler = lambda_handler(router)
