"""GET /v1/captured-sessions: list the sessions of all kinds, newest first."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.composition.captured_sessions import captured_sessions
from shared.http.api import PageResponse, error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.sessions.summaries.api import CapturedSession, ListCapturedSessionsParameters

router: APIRouter = PLAYGROUND.router(tags=["captured-sessions"])


@router.get(
    "/v1/captured-sessions",
    operation_id="listCapturedSessions",
    summary="List sessions of all kinds",
    response_model=PageResponse[CapturedSession],
    responses=error_responses(400, 403),
)
async def list_captured_sessions(
    caller: Reader, parameters: Annotated[ListCapturedSessionsParameters, Query()]
) -> Response:
    """List agent, playground and evaluation sessions in one order, newest first, as their rows in
    the lists of each kind hold them. A page costs the same at any depth."""
    cursors = Cursors(caller.organization_id, "captured-sessions", parameters.filters)
    after = cursors.read(parameters.cursor)
    page = captured_sessions().list_newest(
        caller.organization_id, parameters.to_domain(), parameters.limit, after
    )
    items = list(map(CapturedSession.of, page.items))
    return reply(PageResponse.of(items, cursors, page.next_cursor))


handler = lambda_handler(router)
