"""POST /v1/workflows/revisions/{revision_id}/graph/validate: validate a graph."""

from shared.http.framework import APIRouter, Response

from shared.core.ids import RevisionId
from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.graphs.api import WorkflowGraphRequest, WorkflowGraphValidationResponse
from shared.playground.graphs.wiring import graphs

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.post(
    "/v1/workflows/revisions/{revision_id}/graph/validate",
    operation_id="validateWorkflowRevisionGraph",
    summary="Validate a workflow graph without saving it",
    response_model=WorkflowGraphValidationResponse,
    responses=error_responses(400, 404),
)
async def validate_graph(
    revision_id: RevisionId, body: WorkflowGraphRequest, caller: Reader
) -> Response:
    """Validate a graph against all rules, without storing it. The answer is 200 also for a
    graph with errors.
    """
    result = graphs().validate(caller.organization_id, revision_id, body.compiled_graph)
    return reply(WorkflowGraphValidationResponse.of(result))


handler = lambda_handler(router)
