"""DELETE /v1/workflow/playground/sessions/{session_id}: delete a session with all its turns."""

from fastapi import APIRouter, Response

from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.replies import no_content
from shared.http.surfaces import PLAYGROUND
from shared.playground.sessions.models import to_session_id
from shared.playground.sessions.service import playground_sessions

router: APIRouter = PLAYGROUND.router(tags=["workflow-playground"])


@router.delete(
    "/v1/workflow/playground/sessions/{session_id}",
    operation_id="deletePlaygroundSession",
    summary="Delete a session",
    status_code=204,
    responses=refusals(400, 404, 409),
)
async def delete_session(session_id: str, caller: Writer, expected: ExpectedVersion) -> Response:
    playground_sessions().delete(caller.organization_id, to_session_id(session_id), expected)
    return no_content()


handler = lambda_handler(router)
