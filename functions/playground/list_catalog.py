"""GET /v1/workflow/playground/catalog: list the workflows that ship with the service."""

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.catalog import get_entry, list_slugs
from shared.playground.sessions.api import CatalogResponse, CatalogWorkflow

router: APIRouter = PLAYGROUND.router(tags=["workflow-playground"])


@router.get(
    "/v1/workflow/playground/catalog",
    operation_id="listPlaygroundCatalog",
    summary="List the catalog's workflows",
    response_model=CatalogResponse,
    responses=error_responses(),
)
async def list_catalog(caller: Reader) -> Response:  # noqa: ARG001  # for the scope
    """List the workflows that are part of the service; a session is opened on a slug."""
    items = [CatalogWorkflow.of(get_entry(slug)) for slug in list_slugs()]
    return reply(CatalogResponse(items=items))


handler = lambda_handler(router)
