"""POST /v1/sessions/{session_id}/fs/_/move: move a file or directory."""

from shared.http.framework import APIRouter, Response

from shared.agents.files.api import WRITE_ERRORS, MoveFileRequest, SessionFile
from shared.agents.files.wiring import session_files
from shared.core.ids import SessionId
from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["filesystem"])


@router.post(
    "/v1/sessions/{session_id}/fs/_/move",
    operation_id="move_file",
    summary="Move a file or directory",
    response_model=SessionFile,
    responses=WRITE_ERRORS,
)
async def move_file(session_id: SessionId, body: MoveFileRequest, caller: Writer) -> Response:
    """Move a file, or a directory with everything below, at once for every reader."""
    files = session_files(caller.organization_id, session_id)
    entry = files.move(body.src_path, body.dst_path)
    return reply(SessionFile.of_entry(session_id, entry), version=entry.version)


handler = lambda_handler(router)
