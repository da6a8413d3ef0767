"""GET /v1/personas: list personas, newest first."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.http.api import PageResponse, error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.runs.personas.api import PersonaListParameters, PersonaResponse
from shared.runs.personas.wiring import personas

router: APIRouter = PLAYGROUND.router(tags=["personas"])


@router.get(
    "/v1/personas",
    operation_id="listPersonas",
    summary="List personas",
    response_model=PageResponse[PersonaResponse],
    responses=error_responses(400),
)
async def list_personas(
    query: Annotated[PersonaListParameters, Query()], caller: Reader
) -> Response:
    """List personas, newest first; all filters must match. A page has fewer than `limit`
    personas if they are large or most do not match; continue while there is a `next_cursor`.
    """
    cursors = Cursors(caller.organization_id, "personas", query.filters())
    page = personas().list(caller.organization_id, query.to_query(cursors.read(query.cursor)))
    items = [PersonaResponse.of(persona) for persona in page.items]
    return reply(PageResponse.of(items, cursors, page.next_cursor))


handler = lambda_handler(router)
