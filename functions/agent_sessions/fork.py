"""POST /v1/sessions/{session_id}/fork: create a session that continues the log of another."""

from shared.http.framework import APIRouter, Response

from shared.agents.api import error_responses
from shared.agents.forks.api import ForkSessionRequest
from shared.agents.forks.wiring import forks
from shared.agents.sessions.api import Session
from shared.core.ids import SessionId
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["agent-sessions"])


@router.post(
    "/v1/sessions/{session_id}/fork",
    operation_id="fork_session",
    summary="Fork a session",
    status_code=201,
    response_model=Session,
    responses=error_responses(
        {400: "Invalid session ID or sequence", 404: "Session not found", 409: "Too many forks"}
    ),
)
async def fork_session(
    session_id: SessionId, body: ForkSessionRequest, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Create a session with the log of another up to `at_sequence`, shared and not copied. A turn
    that runs there is cancelled in the fork; a message without an answer gets one.
    """
    created = forks().create(caller.organization_id, session_id, body.to_domain(), idempotency)
    fork = created.entity
    return reply(Session.of(fork), status=201, version=fork.version, replayed=created.replayed)


handler = lambda_handler(router)
