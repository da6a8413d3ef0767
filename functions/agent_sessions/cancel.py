"""POST /v1/sessions/{session_id}/cancel: cancel the running turn, if there is one."""

from shared.http.framework import APIRouter, Response

from shared.agents.api import error_responses
from shared.agents.sessions.api import CancelTurnResponse
from shared.agents.sessions.wiring import turn_supervisor
from shared.core.ids import SessionId
from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["agent-sessions"])


@router.post(
    "/v1/sessions/{session_id}/cancel",
    operation_id="cancel_turn",
    summary="Cancel the running turn",
    response_model=CancelTurnResponse,
    responses=error_responses({400: "Invalid session ID", 404: "Session not found"}),
)
async def cancel_turn(session_id: SessionId, caller: Writer) -> Response:
    """Cancel the running turn, and the turns of messages that wait.

    No answer follows: the messages stay in the log, each with a `turn.cancelled` event, and the
    session is idle. `no_op` if no turn was running and no message waiting.
    """
    cancelled = turn_supervisor().cancel(caller.organization_id, session_id)
    return reply(CancelTurnResponse.of(cancelled))


handler = lambda_handler(router)
