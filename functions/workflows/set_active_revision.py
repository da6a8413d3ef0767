"""POST /v1/workflows/{workflow_id}/set-active-revision: publish a revision."""

from fastapi import APIRouter, Response

from shared.core.ids import WorkflowId
from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.workflows.requests import SetActiveRevisionRequest
from shared.playground.workflows.responses import WorkflowRevisionResponse
from shared.playground.workflows.service import workflows

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.post(
    "/v1/workflows/{workflow_id}/set-active-revision",
    operation_id="setActiveWorkflowRevision",
    summary="Set the active workflow revision",
    response_model=WorkflowRevisionResponse,
    responses=refusals(400, 404, 409),
)
async def set_active_revision(
    workflow_id: WorkflowId, body: SetActiveRevisionRequest, caller: Writer
) -> Response:
    revision, graph = workflows().set_active_revision(
        caller.organization_id, workflow_id, body.revision_id
    )
    return reply(WorkflowRevisionResponse.of(revision, graph), version=revision.version)


handler = lambda_handler(router)
