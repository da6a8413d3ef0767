"""PUT /v1/sessions/{session_id}/fs/{path}: update a file."""

from shared.http.framework import APIRouter, Response

from shared.agents.files.api import WRITE_ERRORS, FilePath, SessionFile, UpdateFileRequest
from shared.agents.files.wiring import files_bucket, session_files
from shared.agents.limits import MAX_FILE_BODY
from shared.core.ids import SessionId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(max_body_bytes=MAX_FILE_BODY, tags=["filesystem"])


@router.put(
    "/v1/sessions/{session_id}/fs/{path:path}",
    operation_id="update_path",
    summary="Update a file",
    response_model=SessionFile,
    responses=WRITE_ERRORS,
)
async def update_path(
    session_id: SessionId,
    path: FilePath,
    body: UpdateFileRequest,
    caller: Writer,
    expected_version: ExpectedVersion,
) -> Response:
    """Set content and protection of a file; null and absent fields stay as they are."""
    files = session_files(caller.organization_id, session_id)
    file = files.update(path, body.to_domain(), expected_version=expected_version)
    return reply(SessionFile.of_file(session_id, file), version=file.entry.version)


handler = lambda_handler(router, files_bucket)
