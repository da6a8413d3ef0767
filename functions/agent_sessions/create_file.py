"""POST /v1/sessions/{session_id}/fs/{path}: create a file or directory."""

from shared.http.framework import APIRouter, Response

from shared.agents.files.api import WRITE_ERRORS, CreateFileRequest, FilePath, SessionFile
from shared.agents.files.wiring import files_bucket, session_files
from shared.agents.limits import MAX_FILE_BODY
from shared.core.ids import SessionId
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(max_body_bytes=MAX_FILE_BODY, tags=["filesystem"])


@router.post(
    "/v1/sessions/{session_id}/fs/{path:path}",
    operation_id="create_path",
    summary="Create a file or directory",
    status_code=201,
    response_model=SessionFile,
    responses=WRITE_ERRORS,
)
async def create_path(
    session_id: SessionId,
    path: FilePath,
    body: CreateFileRequest,
    caller: Writer,
    idempotency: IdempotencyKey,
) -> Response:
    """Create a file or directory, with those above it. A directory that exists is returned."""
    files = session_files(caller.organization_id, session_id)
    created = files.create(path, body.to_domain(), idempotency)
    file, version = SessionFile.of_file(session_id, created.entity), created.entity.entry.version
    return reply(file, status=201, version=version, replayed=created.replayed)


handler = lambda_handler(router, files_bucket)
