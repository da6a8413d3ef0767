"""GET /v1/sessions: list sessions, newest first, of all agents or of one."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from shared.agents.models import refusals
from shared.agents.service import sessions
from shared.agents.session_models import ListSessionsParameters, PaginatedResponse_Session
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.replies import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["sessions"])


@router.get(
    "/v1/sessions",
    operation_id="list_sessions",
    summary="List sessions",
    response_model=PaginatedResponse_Session,
    responses=refusals({400: "Invalid agent ID, offset, limit or cursor"}),
)
async def list_sessions(
    caller: Reader, parameters: Annotated[ListSessionsParameters, Query()]
) -> Response:
    filters = {"agent_id": parameters.agent_id and str(parameters.agent_id)}
    cursors = Cursors(caller.organization_id, "sessions", filters)
    query = parameters.to_domain(after=cursors.read(parameters.cursor))
    page = sessions().list_sessions(caller.organization_id, query)
    return reply(PaginatedResponse_Session.of(page, query, cursors.write(page.after)))


handler = lambda_handler(router)
