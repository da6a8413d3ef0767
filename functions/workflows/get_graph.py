"""GET /v1/workflows/revisions/{revision_id}/graph: get the graph of a revision."""

from shared.http.framework import APIRouter, Response

from shared.core.ids import RevisionId
from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.graphs.api import WorkflowGraphResponse
from shared.playground.revisions.wiring import revisions

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.get(
    "/v1/workflows/revisions/{revision_id}/graph",
    operation_id="getWorkflowRevisionGraph",
    summary="Get a workflow revision's compiled graph",
    response_model=WorkflowGraphResponse,
    responses=error_responses(400, 404),
)
async def get_graph(revision_id: RevisionId, caller: Reader) -> Response:
    """Get the graph alone, with its defaults filled in; null if none was put."""
    revision = revisions().get(caller.organization_id, revision_id)
    graph = revisions().graph(revision)
    return reply(WorkflowGraphResponse.of(revision, graph), version=revision.version)


handler = lambda_handler(router)
