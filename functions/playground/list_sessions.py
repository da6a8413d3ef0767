"""GET /v1/workflow/playground/sessions: list playground sessions, newest first."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.pages import CursorPage
from shared.http.paging import Cursors
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.sessions.models import PlaygroundSessionListResponse, SessionListParameters
from shared.playground.sessions.service import playground_sessions

router: APIRouter = PLAYGROUND.router(tags=["workflow-playground"])


@router.get(
    "/v1/workflow/playground/sessions",
    operation_id="listPlaygroundSessions",
    summary="List sessions",
    response_model=CursorPage[PlaygroundSessionListResponse],
    responses=refusals(400),
)
async def list_sessions(
    caller: Reader, asked: Annotated[SessionListParameters, Query()]
) -> Response:
    filters = {"awaiting_approval": asked.awaiting_approval}
    cursors = Cursors(caller.organization_id, "playground-sessions", filters)
    found, after = playground_sessions().list_sessions(
        caller.organization_id, asked.limit, cursors.read(asked.cursor), asked.awaiting_approval
    )
    items = [PlaygroundSessionListResponse.of(session) for session in found]
    return reply(CursorPage.of(items, cursors, after))


handler = lambda_handler(router)
