"""DELETE /v1/workflow/playground/sessions/{session_id}: delete a session with all its turns."""

from shared.http.framework import APIRouter, Response

from shared.core.api_types import Line
from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import no_content
from shared.http.surfaces import PLAYGROUND
from shared.playground.sessions.api import to_session_id
from shared.playground.sessions.wiring import playground_sessions

router: APIRouter = PLAYGROUND.router(tags=["workflow-playground"])


@router.delete(
    "/v1/workflow/playground/sessions/{session_id}",
    operation_id="deletePlaygroundSession",
    summary="Delete a session",
    status_code=204,
    responses=error_responses(400, 404, 409),
)
async def delete_session(session_id: Line, caller: Writer, expected: ExpectedVersion) -> Response:
    """Delete a session for every reader at once; its turns are removed in the background.
    A repeated delete is 404.
    """
    playground_sessions().delete(caller.organization_id, to_session_id(session_id), expected)
    return no_content()


handler = lambda_handler(router)
