"""POST /v1/sessions: open a session with an agent."""

from fastapi import APIRouter, Response

from shared.agents.models import refusals
from shared.agents.service import sessions
from shared.agents.session_models import CreateSessionRequest, Session
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.replies import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["sessions"])


@router.post(
    "/v1/sessions",
    operation_id="create_session",
    summary="Create a session",
    status_code=201,
    response_model=Session,
    responses=refusals({400: "Invalid agent ID", 404: "Agent or model not found"}),
)
async def create_session(
    body: CreateSessionRequest, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    opened = sessions().create(caller.organization_id, body.to_domain(), idempotency)
    session = opened.session
    return reply(Session.of(session), status=201, version=session.version, replayed=opened.replayed)


handler = lambda_handler(router)
