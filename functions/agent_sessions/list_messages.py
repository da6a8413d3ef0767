"""GET /v1/sessions/{session_id}/messages: read the messages, oldest first."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from shared.agents.message_models import ListMessagesParameters, ListResponse_Message, Message
from shared.agents.models import refusals
from shared.agents.service import messages
from shared.core.ids import SessionId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.replies import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["messages"])


@router.get(
    "/v1/sessions/{session_id}/messages",
    operation_id="list_messages",
    summary="List messages",
    response_model=ListResponse_Message,
    responses=refusals({400: "Invalid session ID, limit or cursor", 404: "Session not found"}),
)
async def list_messages(
    session_id: SessionId, caller: Reader, asked: Annotated[ListMessagesParameters, Query()]
) -> Response:
    cursors = Cursors(caller.organization_id, "messages", {"session_id": str(session_id)})
    found, after = messages().list_messages(
        caller.organization_id, session_id, after=cursors.read(asked.cursor), limit=asked.limit
    )
    data = [Message.of(message) for message in found]
    return reply(ListResponse_Message(data=data, next_cursor=cursors.write(after)))


handler = lambda_handler(router)
