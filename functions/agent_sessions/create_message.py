"""POST /v1/sessions/{session_id}/messages: create a message, which starts a turn."""

from shared.http.framework import APIRouter, Response

from shared.agents.api import error_responses
from shared.agents.messages.api import CreateMessageRequest, Message
from shared.agents.messages.wiring import messages
from shared.core.ids import SessionId
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["messages"])


@router.post(
    "/v1/sessions/{session_id}/messages",
    operation_id="create_message",
    summary="Create a message",
    status_code=201,
    response_model=Message,
    responses=error_responses(
        {400: "Invalid session ID", 404: "Session not found", 413: "The message is too large"}
    ),
)
async def create_message(
    session_id: SessionId, body: CreateMessageRequest, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Add a user message, which starts a turn in the background.

    The answer comes as events and as a message of the agent. Messages sent during a turn wait,
    and are answered in order. A message may have 320 KiB in all (413).
    """
    created = messages().create(caller.organization_id, session_id, body.to_domain(), idempotency)
    return reply(Message.of(created.entity), status=201, version=1, replayed=created.replayed)


handler = lambda_handler(router)
