"""GET /v1/workflow/playground/catalog/{slug}: get a workflow of the catalog with its graph."""

from shared.http.framework import APIRouter, Response

from shared.core.api_types import Line
from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.catalog import get_entry
from shared.playground.graphs.api import CatalogWorkflowDetailResponse

router: APIRouter = PLAYGROUND.router(tags=["workflow-playground"])


@router.get(
    "/v1/workflow/playground/catalog/{slug}",
    operation_id="getPlaygroundCatalogWorkflow",
    summary="Get a workflow of the catalog with its graph",
    response_model=CatalogWorkflowDetailResponse,
    responses=error_responses(404),
)
async def get_catalog_workflow(slug: Line, caller: Reader) -> Response:  # noqa: ARG001  # for the scope
    """Get a workflow that is part of the service with its graph, for example to put it into a
    revision of a workflow of one's own.
    """
    return reply(CatalogWorkflowDetailResponse.of(get_entry(slug)))


handler = lambda_handler(router)
