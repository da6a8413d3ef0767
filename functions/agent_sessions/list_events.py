"""GET /v1/sessions/{session_id}/events: list and search the events of a session."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.agents.api import error_responses
from shared.agents.events.api import Event, ListEventsParameters, ListResponse_Event
from shared.agents.events.wiring import events
from shared.core.ids import SessionId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["events"])


@router.get(
    "/v1/sessions/{session_id}/events",
    operation_id="list_events",
    summary="List events",
    response_model=ListResponse_Event,
    responses=error_responses({400: "Invalid ID, filter or cursor", 404: "Session not found"}),
)
async def list_events(
    session_id: SessionId, caller: Reader, parameters: Annotated[ListEventsParameters, Query()]
) -> Response:
    """List and search events. A page ends at `limit` or where the response is full."""
    cursors = Cursors(caller.organization_id, "events", parameters.cursor_filters(session_id))
    query = parameters.to_domain(position=cursors.read(parameters.cursor))
    page = events().read(caller.organization_id, session_id, query)
    data = [Event.of(session_id, event) for event in page.events]
    next_cursor = cursors.write(parameters.position_after(page, query))
    return reply(ListResponse_Event(data=data, next_cursor=next_cursor))


handler = lambda_handler(router)
