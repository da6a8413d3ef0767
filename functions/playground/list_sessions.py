"""GET /v1/workflow/playground/sessions: list playground sessions, newest first."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.http.api import PageResponse, error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.sessions.api import PlaygroundSessionListResponse, SessionListParameters
from shared.playground.sessions.wiring import playground_sessions

router: APIRouter = PLAYGROUND.router(tags=["workflow-playground"])


@router.get(
    "/v1/workflow/playground/sessions",
    operation_id="listPlaygroundSessions",
    summary="List sessions",
    response_model=PageResponse[PlaygroundSessionListResponse],
    responses=error_responses(400),
)
async def list_sessions(
    caller: Reader, query: Annotated[SessionListParameters, Query()]
) -> Response:
    """List sessions, newest first, without variables; pages end early if sessions are large."""
    filters = {"awaiting_approval": query.awaiting_approval}
    cursors = Cursors(caller.organization_id, "playground-sessions", filters)
    page = playground_sessions().list_sessions(
        caller.organization_id, query.limit, cursors.read(query.cursor), query.awaiting_approval
    )
    items = [PlaygroundSessionListResponse.of(session) for session in page.items]
    return reply(PageResponse.of(items, cursors, page.next_cursor))


handler = lambda_handler(router)
