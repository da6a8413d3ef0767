"""GET /v1/sessions/{session_id}/events: read and search the log of a session."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from shared.agents.event_models import Event, ListResponse_Event
from shared.agents.event_parameters import ListEventsParameters
from shared.agents.models import refusals
from shared.agents.service import events
from shared.core.ids import SessionId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.replies import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["events"])


@router.get(
    "/v1/sessions/{session_id}/events",
    operation_id="list_events",
    summary="List events",
    response_model=ListResponse_Event,
    responses=refusals({400: "Invalid ID, filter or cursor", 404: "Session not found"}),
)
async def list_events(
    session_id: SessionId, caller: Reader, parameters: Annotated[ListEventsParameters, Query()]
) -> Response:
    cursors = Cursors(caller.organization_id, "events", parameters.cursor_filters(session_id))
    query = parameters.to_domain(position=cursors.read(parameters.cursor))
    page = events().read(caller.organization_id, session_id, query)
    shown = [Event.of(session_id, event) for event in page.events]
    goes_on = None if page.goes_on is None else cursors.write(str(page.goes_on))
    return reply(ListResponse_Event(data=shown, next_cursor=goes_on))


handler = lambda_handler(router)
