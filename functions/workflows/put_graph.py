"""PUT /v1/workflows/revisions/{revision_id}/graph: check a graph and make it the revision's."""

from fastapi import APIRouter, Response

from shared.core.ids import RevisionId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.workflows.graph_responses import WorkflowGraphUpdateResponse
from shared.playground.workflows.requests import WorkflowGraphRequest
from shared.playground.workflows.service import workflows

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.put(
    "/v1/workflows/revisions/{revision_id}/graph",
    operation_id="updateWorkflowRevisionGraph",
    summary="Validate and manually replace a workflow revision's compiled graph",
    response_model=WorkflowGraphUpdateResponse,
    responses=refusals(400, 404, 409) | {422: {"model": WorkflowGraphUpdateResponse}},
)
async def put_graph(
    revision_id: RevisionId, body: WorkflowGraphRequest, caller: Writer, expected: ExpectedVersion
) -> Response:
    verdict, revision = workflows().put_graph(
        caller.organization_id, revision_id, body.compiled_graph, expected
    )
    content = WorkflowGraphUpdateResponse.of(verdict, revision)
    if revision is None:
        return reply(content, status=422)
    return reply(content, version=revision.version)


handler = lambda_handler(router)
