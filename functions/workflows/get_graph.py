"""GET /v1/workflows/revisions/{revision_id}/graph: read a revision's graph alone."""

from fastapi import APIRouter, Response

from shared.core.ids import RevisionId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.workflows.graph_responses import WorkflowGraphResponse
from shared.playground.workflows.service import workflows

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.get(
    "/v1/workflows/revisions/{revision_id}/graph",
    operation_id="getWorkflowRevisionGraph",
    summary="Get a workflow revision's compiled graph",
    response_model=WorkflowGraphResponse,
    responses=refusals(400, 404),
)
async def get_graph(revision_id: RevisionId, caller: Reader) -> Response:
    revision, graph = workflows().revision(caller.organization_id, revision_id)
    return reply(WorkflowGraphResponse.of(revision, graph), version=revision.version)


handler = lambda_handler(router)
