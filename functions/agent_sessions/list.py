"""GET /v1/sessions: list sessions, newest first, of all agents or of one."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.agents.api import error_responses
from shared.agents.sessions.api import ListSessionsParameters, PaginatedResponse_Session, Session
from shared.agents.sessions.wiring import sessions
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["agent-sessions"])


@router.get(
    "/v1/sessions",
    operation_id="list_sessions",
    summary="List sessions",
    response_model=PaginatedResponse_Session,
    responses=error_responses({400: "Invalid agent ID, offset, limit or cursor"}),
)
async def list_sessions(
    caller: Reader, parameters: Annotated[ListSessionsParameters, Query()]
) -> Response:
    """List sessions, newest first. Filters other than agent and times compare what is read, at
    most 1,000 sessions a page: it may be shorter than `limit`, with a cursor for the rest."""
    cursors = Cursors(caller.organization_id, "sessions", parameters.filters)
    after = cursors.read(parameters.cursor)
    page, total = sessions().list_sessions(
        caller.organization_id, parameters.to_domain(), parameters.limit, parameters.offset, after
    )
    data, next_cursor = list(map(Session.of, page.items)), cursors.write(page.next_cursor)
    return reply(PaginatedResponse_Session.of(data, total, parameters, next_cursor))


handler = lambda_handler(router)
