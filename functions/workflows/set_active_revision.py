"""POST /v1/workflows/{workflow_id}/set-active-revision: activate a revision."""

from shared.http.framework import APIRouter, Response

from shared.core.ids import WorkflowId
from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.revisions.api import WorkflowRevisionResponse
from shared.playground.workflows.api import SetActiveRevisionRequest
from shared.playground.workflows.wiring import workflows

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.post(
    "/v1/workflows/{workflow_id}/set-active-revision",
    operation_id="setActiveWorkflowRevision",
    summary="Set the active workflow revision",
    response_model=WorkflowRevisionResponse,
    responses=error_responses(400, 404, 409),
)
async def set_active_revision(
    workflow_id: WorkflowId, body: SetActiveRevisionRequest, caller: Writer
) -> Response:
    """Make a revision the active one: it can no longer change, the former one can again.
    409 for a revision without a graph.
    """
    revision, graph = workflows().activate(caller.organization_id, workflow_id, body.revision_id)
    return reply(WorkflowRevisionResponse.of(revision, graph), version=revision.version)


handler = lambda_handler(router)
