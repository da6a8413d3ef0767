"""POST /v1/workflows/revisions/{revision_id}/graph/validate: check a graph, store nothing."""

from fastapi import APIRouter, Response

from shared.core.ids import RevisionId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.workflows.graph_responses import WorkflowGraphValidationResponse
from shared.playground.workflows.requests import WorkflowGraphRequest
from shared.playground.workflows.service import workflows

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.post(
    "/v1/workflows/revisions/{revision_id}/graph/validate",
    operation_id="validateWorkflowRevisionGraph",
    summary="Validate a workflow graph without saving it",
    response_model=WorkflowGraphValidationResponse,
    responses=refusals(400, 404),
)
async def validate_graph(
    revision_id: RevisionId, body: WorkflowGraphRequest, caller: Reader
) -> Response:
    verdict = workflows().validate_graph(caller.organization_id, revision_id, body.compiled_graph)
    return reply(WorkflowGraphValidationResponse.of(verdict))


handler = lambda_handler(router)
