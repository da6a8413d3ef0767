"""GET /v1/workflow/playground/sessions/{session_id}/trace: read where a session went, and why."""

from fastapi import APIRouter, Response

from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.pages import Asked, CursorPage
from shared.http.paging import Cursors
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.sessions.models import to_session_id
from shared.playground.sessions.trace import traced
from shared.playground.sessions.trace_models import TracedTurn
from shared.playground.sessions.turn_service import playground_turns

router: APIRouter = PLAYGROUND.router(tags=["workflow-playground"])


@router.get(
    "/v1/workflow/playground/sessions/{session_id}/trace",
    operation_id="getPlaygroundSessionTrace",
    summary="Get the trace of a session: its turns, oldest first",
    response_model=CursorPage[TracedTurn],
    responses=refusals(400, 404),
)
async def get_trace(session_id: str, caller: Reader, asked: Asked) -> Response:
    cursors = Cursors(caller.organization_id, f"trace {session_id}")
    turns, after = playground_turns().trace(
        caller.organization_id, to_session_id(session_id), cursors.read(asked.cursor), asked.limit
    )
    return reply(CursorPage.of([traced(turn) for turn in turns], cursors, after))


handler = lambda_handler(router)
