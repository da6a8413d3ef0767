"""GET /v1/sessions/{session_id}/sse: read the log of a session as server-sent events."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from shared.agents.event_models import STREAMED, Event, retry_ms
from shared.agents.event_parameters import EventsParameters
from shared.agents.models import refusals
from shared.agents.service import events
from shared.core.ids import EventId, SessionId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.sse import event_stream, frame
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["events"])


@router.get(
    "/v1/sessions/{session_id}/sse",
    operation_id="stream_sse",
    summary="Stream events (SSE)",
    response_class=Response,
    responses=refusals({400: "Invalid ID or filter", 404: "Session not found"}) | STREAMED,
)
async def stream_sse(
    session_id: SessionId,
    caller: Reader,
    parameters: Annotated[EventsParameters, Query()],
    seen: Annotated[EventId | None, Header(alias="Last-Event-ID")] = None,
) -> Response:
    query = parameters.to_domain().behind(seen)
    page = events().read(caller.organization_id, session_id, query)
    shown = [Event.of(session_id, event) for event in page.events]
    frames = [frame(one.type, one.model_dump(mode="json"), one.id) for one in shown]
    return event_stream(frames, retry_ms=retry_ms(page))


handler = lambda_handler(router)
