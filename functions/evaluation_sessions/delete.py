"""DELETE /sessions/{id}: delete an evaluation session and its turns."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.sessions.wiring import sessions
from shared.http.api import EntityId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import no_content
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["sessions"])


@router.delete(
    "/sessions/{id}",
    operation_id="deleteSession",
    summary="Delete session",
    status_code=204,
)
async def delete_session(
    identifier: EntityId, caller: Writer, version: ExpectedVersion
) -> Response:
    """Delete a session and its turns. Its custom id can be used again; lists and reads do not
    find it any more.
    """
    sessions().delete(caller.organization_id, identifier, expected_version=version)
    return no_content()


handler = lambda_handler(router)
