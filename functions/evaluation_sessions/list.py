"""GET /sessions: a page of evaluation sessions, newest first."""

from fastapi import APIRouter, Request, Response

from shared.evaluations.api import Error
from shared.evaluations.query import SESSION_FILTERS, ListParameters, parameters
from shared.evaluations.service import sessions
from shared.evaluations.session_models import Session
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.replies import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["sessions"])


@router.get(
    "/sessions",
    operation_id="getSessions",
    summary="Get sessions",
    response_model=list[Session],
    responses={400: {"model": Error}, 401: {"model": Error}, 404: {"model": Error}},
    openapi_extra=parameters(**SESSION_FILTERS),
)
async def list_sessions(request: Request, caller: Reader) -> Response:
    query = ListParameters(request.query_params.multi_items())
    cursors = Cursors(caller.organization_id, "evaluation-sessions", query.filters)
    window = query.window(after=cursors.read(query.cursor))
    page = sessions().find(caller.organization_id, query.sessions(), window)
    items = [Session.model_validate(session) for session in page.items]
    return reply(items, next_cursor=cursors.write(page.after))


handler = lambda_handler(router)
