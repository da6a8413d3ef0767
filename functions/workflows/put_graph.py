"""PUT /v1/workflows/revisions/{revision_id}/graph: validate and store a graph."""

from shared.http.framework import APIRouter, Response

from shared.core.ids import RevisionId
from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.graphs.api import WorkflowGraphRequest, WorkflowGraphUpdateResponse
from shared.playground.graphs.wiring import graphs

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.put(
    "/v1/workflows/revisions/{revision_id}/graph",
    operation_id="updateWorkflowRevisionGraph",
    summary="Validate and manually replace a workflow revision's compiled graph",
    response_model=WorkflowGraphUpdateResponse,
    responses=error_responses(400, 404, 409) | {422: {"model": WorkflowGraphUpdateResponse}},
)
async def put_graph(
    revision_id: RevisionId, body: WorkflowGraphRequest, caller: Writer, expected: ExpectedVersion
) -> Response:
    """Validate a graph and, if it has no errors, store it in the revision. With errors the
    answer is 422 with all findings and nothing changes; an active revision is 409.
    """
    result, revision = graphs().put(
        caller.organization_id, revision_id, body.compiled_graph, expected
    )
    content = WorkflowGraphUpdateResponse.of(result, revision)
    if revision is None:
        return reply(content, status=422)
    return reply(content, version=revision.version)


handler = lambda_handler(router)
