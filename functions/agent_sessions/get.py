"""GET /v1/sessions/{session_id}: read a session."""

from fastapi import APIRouter, Response

from shared.agents.models import refusals
from shared.agents.service import sessions
from shared.agents.session_models import Session
from shared.core.ids import SessionId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.replies import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["sessions"])


@router.get(
    "/v1/sessions/{session_id}",
    operation_id="get_session",
    summary="Get a session",
    response_model=Session,
    responses=refusals({400: "Invalid session ID", 404: "Session not found"}),
)
async def get_session(session_id: SessionId, caller: Reader) -> Response:
    session = sessions().get(caller.organization_id, session_id)
    return reply(Session.of(session), version=session.version)


handler = lambda_handler(router)
