"""POST /v1/sessions/{session_id}/fs/_/copy: copy a file."""

from shared.http.framework import APIRouter, Response

from shared.agents.files.api import WRITE_ERRORS, CopyFileRequest, SessionFile
from shared.agents.files.wiring import session_files
from shared.core.ids import SessionId
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["filesystem"])


@router.post(
    "/v1/sessions/{session_id}/fs/_/copy",
    operation_id="copy_file",
    summary="Copy a file",
    status_code=201,
    response_model=SessionFile,
    responses=WRITE_ERRORS,
)
async def copy_file(
    session_id: SessionId, body: CopyFileRequest, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Copy a file. The answer has no content."""
    files = session_files(caller.organization_id, session_id)
    created = files.copy(body.src_path, body.dst_path, idempotency)
    file, version = SessionFile.of_entry(session_id, created.entity), created.entity.version
    return reply(file, status=201, version=version, replayed=created.replayed)


handler = lambda_handler(router)
