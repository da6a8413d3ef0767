"""GET /v1/workflows/revisions/{revision_id}: read a revision with its graph."""

from shared.http.framework import APIRouter, Response

from shared.core.ids import RevisionId
from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.revisions.api import WorkflowRevisionResponse
from shared.playground.revisions.wiring import revisions

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.get(
    "/v1/workflows/revisions/{revision_id}",
    operation_id="getWorkflowRevision",
    summary="Get a workflow revision",
    response_model=WorkflowRevisionResponse,
    responses=error_responses(400, 404),
)
async def get_revision(revision_id: RevisionId, caller: Reader) -> Response:
    """Get a revision with its graph."""
    revision = revisions().get(caller.organization_id, revision_id)
    graph = revisions().graph(revision)
    return reply(WorkflowRevisionResponse.of(revision, graph), version=revision.version)


handler = lambda_handler(router)
