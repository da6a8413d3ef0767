"""GET /v1/sessions/{session_id}: get a session."""

from shared.http.framework import APIRouter, Response

from shared.agents.api import error_responses
from shared.agents.sessions.api import Session
from shared.agents.sessions.wiring import sessions
from shared.core.ids import SessionId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["agent-sessions"])


@router.get(
    "/v1/sessions/{session_id}",
    operation_id="get_session",
    summary="Get a session",
    response_model=Session,
    responses=error_responses({400: "Invalid session ID", 404: "Session not found"}),
)
async def get_session(session_id: SessionId, caller: Reader) -> Response:
    """Return a session with its status, previews and token usage, and its version as `ETag`."""
    session = sessions().get(caller.organization_id, session_id)
    return reply(Session.of(session), version=session.version)


handler = lambda_handler(router)
