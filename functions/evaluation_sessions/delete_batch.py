"""DELETE /sessions/batch: delete evaluation sessions, or none if one does not exist."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.sessions.api import SessionsToDelete
from shared.evaluations.sessions.wiring import sessions
from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.responses import no_content
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["sessions"])


@router.delete(
    "/sessions/batch",
    operation_id="deleteSessions",
    summary="Delete sessions",
    status_code=204,
)
async def delete_sessions(body: SessionsToDelete, caller: Writer) -> Response:
    """Delete up to 100 sessions. If one of the ids is unknown, the answer is a 404 and none is
    deleted. 33 are one transaction: after a 503, repeat with the ids that still exist.
    """
    sessions().delete_many(caller.organization_id, body.ids)
    return no_content()


handler = lambda_handler(router)
