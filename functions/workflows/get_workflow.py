"""GET /v1/workflows/{workflow_id}: read a workflow with its active revision."""

from shared.http.framework import APIRouter, Response

from shared.core.ids import WorkflowId
from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.workflows.api import WorkflowDetailResponse
from shared.playground.workflows.wiring import workflows

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.get(
    "/v1/workflows/{workflow_id}",
    operation_id="getWorkflow",
    summary="Get a workflow",
    response_model=WorkflowDetailResponse,
    responses=error_responses(400, 404),
)
async def get_workflow(workflow_id: WorkflowId, caller: Reader) -> Response:
    """Get a workflow with its active revision and that one's graph."""
    workflow, active = workflows().get(caller.organization_id, workflow_id)
    graph = workflows().graph(active) if active else None
    content = WorkflowDetailResponse.of(workflow, active, graph)
    return reply(content, version=workflow.version)


handler = lambda_handler(router)
