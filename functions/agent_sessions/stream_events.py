"""GET /v1/sessions/{session_id}/sse: stream the events of a session (SSE)."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.agents.events.api import STREAM_RESPONSES, Event, EventsParameters, retry_ms
from shared.agents.events.wiring import event_stream as events_of
from shared.core.ids import SessionId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.sse import LastSeen, event_stream, frame
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["events"])


@router.get(
    "/v1/sessions/{session_id}/sse",
    operation_id="stream_sse",
    summary="Stream events (SSE)",
    response_class=Response,
    responses=STREAM_RESPONSES,
)
async def stream_sse(
    session_id: SessionId,
    caller: Reader,
    parameters: Annotated[EventsParameters, Query()],
    last_seen: LastSeen = None,
) -> Response:
    """Return the events so far as a stream that ends; without any, wait up to 20 seconds."""
    query = parameters.to_domain().resume_after(last_seen)
    page = events_of().read(caller.organization_id, session_id, query)
    data = [Event.of(session_id, event) for event in page.events]
    frames = [frame(one.type, one.model_dump(mode="json"), one.id) for one in data]
    return event_stream(frames, retry_ms=retry_ms(page))


handler = lambda_handler(router)
