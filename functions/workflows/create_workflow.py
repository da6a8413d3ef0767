"""POST /v1/workflows: create a workflow without revisions."""

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.workflows.api import WorkflowCreate, WorkflowResponse
from shared.playground.workflows.wiring import workflows

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.post(
    "/v1/workflows",
    operation_id="createWorkflow",
    summary="Create a workflow",
    status_code=201,
    response_model=WorkflowResponse,
    responses=error_responses(400),
)
async def create_workflow(
    body: WorkflowCreate, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Create a workflow; revisions with graphs are added to it afterwards."""
    created = workflows().create(
        caller.organization_id,
        body.name,
        description=body.description,
        metadata=body.metadata,
        idempotency=idempotency,
    )
    content = WorkflowResponse.of(created.entity)
    return reply(content, status=201, version=created.entity.version, replayed=created.replayed)


handler = lambda_handler(router)
