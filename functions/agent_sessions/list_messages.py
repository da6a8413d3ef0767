"""GET /v1/sessions/{session_id}/messages: list messages, oldest first."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.agents.api import error_responses
from shared.agents.messages.api import ListMessagesParameters, ListResponse_Message, Message
from shared.agents.messages.wiring import messages
from shared.core.ids import SessionId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["messages"])


@router.get(
    "/v1/sessions/{session_id}/messages",
    operation_id="list_messages",
    summary="List messages",
    response_model=ListResponse_Message,
    responses=error_responses({400: "Invalid ID, limit or cursor", 404: "Session not found"}),
)
async def list_messages(
    session_id: SessionId, caller: Reader, parameters: Annotated[ListMessagesParameters, Query()]
) -> Response:
    """List messages, oldest first: of the user, of the agent, and results of tools."""
    cursors = Cursors(caller.organization_id, "messages", {"session_id": str(session_id)})
    after = cursors.read(parameters.cursor)
    page = messages().list_messages(
        caller.organization_id, session_id, after=after, limit=parameters.limit
    )
    data = [Message.of(message) for message in page.items]
    return reply(ListResponse_Message(data=data, next_cursor=cursors.write(page.next_cursor)))


handler = lambda_handler(router)
