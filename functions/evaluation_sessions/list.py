"""GET /sessions: list evaluation sessions, newest first."""

from shared.http.framework import APIRouter, Request, Response

from shared.evaluations.query_parameters import ListParameters, parameters
from shared.evaluations.sessions.api import Session
from shared.evaluations.sessions.filters import SESSION_FILTERS, session_filter
from shared.evaluations.sessions.wiring import sessions
from shared.http.bare_lists import reply_list
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["sessions"])


@router.get(
    "/sessions",
    operation_id="getSessions",
    summary="Get sessions",
    response_model=list[Session],
    openapi_extra=parameters(SESSION_FILTERS),
)
async def list_sessions(request: Request, caller: Reader) -> Response:
    """List sessions, newest first. Values of one filter are alternatives; several filters must
    all match. A page ends at `limit` or at about 6 MB; `X-Next-Cursor` continues it.
    """
    query = ListParameters(request.query_params.multi_items())
    cursors = Cursors(caller.organization_id, "evaluation-sessions", query.filters)
    window = query.window(after=cursors.read(query.cursor))
    page = sessions().find(caller.organization_id, session_filter(query), window)
    return reply_list(page, Session, cursors, query.ignored)


handler = lambda_handler(router)
