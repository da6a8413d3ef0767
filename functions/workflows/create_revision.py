"""POST /v1/workflows/{workflow_id}/revisions: make a revision of a workflow."""

from fastapi import APIRouter, Response

from shared.core.ids import WorkflowId
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.workflows.requests import WorkflowRevisionCreate
from shared.playground.workflows.responses import WorkflowRevisionResponse
from shared.playground.workflows.service import workflows

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.post(
    "/v1/workflows/{workflow_id}/revisions",
    operation_id="createWorkflowRevision",
    summary="Create a workflow revision",
    status_code=201,
    response_model=WorkflowRevisionResponse,
    responses=refusals(400, 404),
)
async def create_revision(
    workflow_id: WorkflowId, body: WorkflowRevisionCreate, caller: Writer, key: IdempotencyKey
) -> Response:
    author, base = str(caller.key_id), body.based_on_revision_id
    made, graph = workflows().create_revision(
        caller.organization_id, workflow_id, author, body.given(), base, key
    )
    content = WorkflowRevisionResponse.of(made.value, graph)
    return reply(content, status=201, version=made.value.version, replayed=made.replayed)


handler = lambda_handler(router)
