"""POST /v1/workflows/{workflow_id}/revisions: create a revision of a workflow."""

from shared.http.framework import APIRouter, Response

from shared.core.ids import WorkflowId
from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.revisions.api import WorkflowRevisionCreate, WorkflowRevisionResponse
from shared.playground.revisions.wiring import revisions

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.post(
    "/v1/workflows/{workflow_id}/revisions",
    operation_id="createWorkflowRevision",
    summary="Create a workflow revision",
    status_code=201,
    response_model=WorkflowRevisionResponse,
    responses=error_responses(400, 404),
)
async def create_revision(
    workflow_id: WorkflowId, body: WorkflowRevisionCreate, caller: Writer, key: IdempotencyKey
) -> Response:
    """Create a revision without a graph, or with the graph of the revision it is based on."""
    author, base = str(caller.key_id), body.based_on_revision_id
    created = revisions().create(
        caller.organization_id, workflow_id, author, body.given(), base, key
    )
    revision = created.entity
    content = WorkflowRevisionResponse.of(revision, revisions().graph(revision))
    return reply(content, status=201, version=revision.version, replayed=created.replayed)


handler = lambda_handler(router)
