"""POST /v1/sessions/{session_id}/fs/_/stat: metadata of a file or directory."""

from shared.http.framework import APIRouter, Response

from shared.agents.files.api import FILE_ERRORS, FileStat, StatRequest
from shared.agents.files.wiring import session_files
from shared.core.ids import SessionId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["filesystem"])


@router.post(
    "/v1/sessions/{session_id}/fs/_/stat",
    operation_id="stat_file",
    summary="Get the metadata of a file or directory",
    response_model=FileStat,
    responses=FILE_ERRORS,
)
async def stat_file(session_id: SessionId, body: StatRequest, caller: Reader) -> Response:
    """Get the metadata of a file or directory without its content."""
    entry = session_files(caller.organization_id, session_id).stat(body.path)
    return reply(FileStat.of(entry), version=entry.version)


handler = lambda_handler(router)
