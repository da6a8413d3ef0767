"""POST /v1/sessions/{session_id}/cancel: stop the turn that runs, if one does."""

from fastapi import APIRouter, Response

from shared.agents.models import refusals
from shared.agents.service import turns
from shared.agents.session_models import CancelTurnResponse
from shared.core.ids import SessionId
from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.replies import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["sessions"])


@router.post(
    "/v1/sessions/{session_id}/cancel",
    operation_id="cancel_turn",
    summary="Cancel the running turn",
    response_model=CancelTurnResponse,
    responses=refusals({400: "Invalid session ID", 404: "Session not found"}),
)
async def cancel_turn(session_id: SessionId, caller: Writer) -> Response:
    cancelled = turns().cancel(caller.organization_id, session_id)
    return reply(CancelTurnResponse.of(cancelled))


handler = lambda_handler(router)
