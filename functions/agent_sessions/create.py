"""POST /v1/sessions: create a session with an agent."""

from shared.http.framework import APIRouter, Response

from shared.agents.api import error_responses
from shared.agents.sessions.api import CreateSessionRequest, Session
from shared.agents.sessions.wiring import sessions
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["agent-sessions"])


@router.post(
    "/v1/sessions",
    operation_id="create_session",
    summary="Create a session",
    status_code=201,
    response_model=Session,
    responses=error_responses({400: "Invalid agent ID", 404: "Agent or model not found"}),
)
async def create_session(
    body: CreateSessionRequest, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Create a session with an active agent.

    Without `model_id` the session takes the agent's default model of this moment. The session
    is `started` until its first message; an archived agent is refused with 400.
    """
    created = sessions().create(caller.organization_id, body.to_domain(), idempotency)
    session = created.entity
    return reply(
        Session.of(session), status=201, version=session.version, replayed=created.replayed
    )


handler = lambda_handler(router)
