"""GET /v1/workflow/playground/catalog: list the workflows that come with the service."""

from fastapi import APIRouter, Response

from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.sessions.models import CatalogResponse, CatalogWorkflow
from shared.playground.sessions.service import playground_sessions

router: APIRouter = PLAYGROUND.router(tags=["workflow-playground"])


@router.get(
    "/v1/workflow/playground/catalog",
    operation_id="listPlaygroundCatalog",
    summary="List the catalog's workflows",
    response_model=CatalogResponse,
    responses=refusals(),
)
async def list_catalog(caller: Reader) -> Response:  # noqa: ARG001  # the scope is asked for
    items = [CatalogWorkflow.of(entry) for entry in playground_sessions().catalog()]
    return reply(CatalogResponse(items=items))


handler = lambda_handler(router)
