"""GET /v1/captured-sessions/{session_id}: get a session of any kind."""

from shared.http.framework import APIRouter, Response

from shared.composition.captured_sessions import captured_sessions
from shared.core.api_types import Line
from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.sessions.exports.api import session_id_of
from shared.sessions.summaries.api import CapturedSession

router: APIRouter = PLAYGROUND.router(tags=["captured-sessions"])


@router.get(
    "/v1/captured-sessions/{session_id}",
    operation_id="getCapturedSession",
    summary="Get a session of any kind",
    response_model=CapturedSession,
    responses=error_responses(400, 403, 404),
)
async def get_captured_session(session_id: Line, caller: Reader) -> Response:
    """Get a session as the list of all kinds shows it, by its id in the form of any kind."""
    summary = captured_sessions().get(caller.organization_id, session_id_of(session_id))
    return reply(CapturedSession.of(summary), version=summary.version)


handler = lambda_handler(router)
