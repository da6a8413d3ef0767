"""GET /v1/workflow/playground/sessions/{session_id}/sse: stream the turns of a session (SSE)."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.core.api_types import Line
from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.sse import LastSeen, event_stream, frame, streaming
from shared.http.surfaces import PLAYGROUND
from shared.playground.sessions.api import StreamParameters, to_session_id
from shared.playground.turns.streams import RETRY_MS, STREAM_DESCRIPTION
from shared.playground.turns.wiring import session_stream

router: APIRouter = PLAYGROUND.router(tags=["workflow-playground"])


@router.get(
    "/v1/workflow/playground/sessions/{session_id}/sse",
    operation_id="streamPlaygroundSession",
    summary="Stream the turns of a session, and the text of the running one (SSE)",
    response_class=Response,
    responses=streaming(STREAM_DESCRIPTION) | error_responses(400, 404),
)
async def stream_turns(
    session_id: Line,
    caller: Reader,
    parameters: Annotated[StreamParameters, Query()],
    last_seen: LastSeen = None,
) -> Response:
    """Return the turns so far as a stream that ends; without any, wait up to 20 seconds."""
    seen = last_seen or parameters.since_id
    found = session_stream().read(caller.organization_id, to_session_id(session_id), seen)
    return event_stream([frame(f.name, f.data, str(f.id)) for f in found], retry_ms=RETRY_MS)


handler = lambda_handler(router)
