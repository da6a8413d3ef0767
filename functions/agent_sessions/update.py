"""PATCH /v1/sessions/{session_id}: set title and tags of a session."""

from shared.http.framework import APIRouter, Response

from shared.agents.api import error_responses
from shared.agents.sessions.api import Session, UpdateSessionRequest
from shared.agents.sessions.wiring import sessions
from shared.core.ids import SessionId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["agent-sessions"])


@router.patch(
    "/v1/sessions/{session_id}",
    operation_id="update_session",
    summary="Update a session",
    response_model=Session,
    responses=error_responses({400: "Invalid session ID", 404: "Session not found"}),
)
async def update_session(
    session_id: SessionId,
    body: UpdateSessionRequest,
    caller: Writer,
    expected_version: ExpectedVersion,
) -> Response:
    """Set title, tags and tools of a session; null and absent fields stay as they are."""
    session = sessions().update(
        caller.organization_id, session_id, body.to_domain(), expected_version=expected_version
    )
    return reply(Session.of(session), version=session.version)


handler = lambda_handler(router)
