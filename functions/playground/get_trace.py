"""GET /v1/workflow/playground/sessions/{session_id}/trace: get the trace of a session."""

from shared.http.framework import APIRouter, Response

from shared.core.api_types import Line
from shared.http.api import PageQuery, PageResponse, error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.sessions.api import to_session_id
from shared.playground.turns.api import TracedTurn
from shared.playground.turns.trace import trace_of
from shared.playground.turns.wiring import playground_turns

router: APIRouter = PLAYGROUND.router(tags=["workflow-playground"])


@router.get(
    "/v1/workflow/playground/sessions/{session_id}/trace",
    operation_id="getPlaygroundSessionTrace",
    summary="Get the trace of a session: its turns, oldest first",
    response_model=PageResponse[TracedTurn],
    responses=error_responses(400, 404),
)
async def get_trace(session_id: Line, caller: Reader, query: PageQuery) -> Response:
    """List the turns with the reason of each step; pages end early if turns are large."""
    identifier = to_session_id(session_id)
    cursors = Cursors(caller.organization_id, f"trace {identifier.uuid}")
    page = playground_turns().trace(
        caller.organization_id, identifier, cursors.read(query.cursor), query.limit
    )
    return reply(
        PageResponse.of([trace_of(turn) for turn in page.items], cursors, page.next_cursor)
    )


handler = lambda_handler(router)
