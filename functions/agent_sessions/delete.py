"""DELETE /v1/sessions/{session_id}: delete a session with its messages and events."""

from shared.http.framework import APIRouter, Response

from shared.agents.api import error_responses
from shared.agents.sessions.wiring import sessions
from shared.core.ids import SessionId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import no_content
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["agent-sessions"])


@router.delete(
    "/v1/sessions/{session_id}",
    operation_id="delete_session",
    summary="Delete a session",
    status_code=204,
    responses=error_responses({400: "Invalid session ID", 404: "Session not found"}),
)
async def delete_session(
    session_id: SessionId, caller: Writer, expected_version: ExpectedVersion
) -> Response:
    """Delete a session with its messages and events, at once for every reader.

    A running turn ends at its next write. A second request answers 404.
    """
    sessions().delete(caller.organization_id, session_id, expected_version=expected_version)
    return no_content()


handler = lambda_handler(router)
