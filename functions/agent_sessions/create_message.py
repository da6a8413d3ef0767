"""POST /v1/sessions/{session_id}/messages: add a message; it starts a turn."""

from fastapi import APIRouter, Response

from shared.agents.message_models import CreateMessageRequest, Message
from shared.agents.models import refusals
from shared.agents.service import messages
from shared.core.ids import SessionId
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.replies import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["messages"])


@router.post(
    "/v1/sessions/{session_id}/messages",
    operation_id="create_message",
    summary="Create a message",
    status_code=201,
    response_model=Message,
    responses=refusals(
        {400: "Invalid session ID", 404: "Session not found", 413: "The message is too large"}
    ),
)
async def create_message(
    session_id: SessionId, body: CreateMessageRequest, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    stored = messages().add(caller.organization_id, session_id, body.to_domain(), idempotency)
    return reply(Message.of(stored.message), status=201, version=1, replayed=stored.replayed)


handler = lambda_handler(router)
