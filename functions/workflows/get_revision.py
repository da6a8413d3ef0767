"""GET /v1/workflows/revisions/{revision_id}: read a revision with its graph."""

from fastapi import APIRouter, Response

from shared.core.ids import RevisionId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.workflows.responses import WorkflowRevisionResponse
from shared.playground.workflows.service import workflows

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.get(
    "/v1/workflows/revisions/{revision_id}",
    operation_id="getWorkflowRevision",
    summary="Get a workflow revision",
    response_model=WorkflowRevisionResponse,
    responses=refusals(400, 404),
)
async def get_revision(revision_id: RevisionId, caller: Reader) -> Response:
    revision, graph = workflows().revision(caller.organization_id, revision_id)
    return reply(WorkflowRevisionResponse.of(revision, graph), version=revision.version)


handler = lambda_handler(router)
