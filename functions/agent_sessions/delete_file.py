"""DELETE /v1/sessions/{session_id}/fs/{path}: delete a file or directory."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.agents.files.api import FILE_ERRORS, DeleteParameters, DeleteResponse, FilePath
from shared.agents.files.wiring import files_bucket, session_files
from shared.core.ids import SessionId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["filesystem"])


@router.delete(
    "/v1/sessions/{session_id}/fs/{path:path}",
    operation_id="delete_path",
    summary="Delete a file or directory",
    response_model=DeleteResponse,
    responses=FILE_ERRORS,
)
async def delete_path(
    session_id: SessionId,
    path: FilePath,
    caller: Writer,
    expected: ExpectedVersion,
    parameters: Annotated[DeleteParameters, Query()],
) -> Response:
    """Delete a file, also a read-only one, or a directory. `deleted` is false for nothing."""
    files = session_files(caller.organization_id, session_id)
    deleted = files.delete(path, recursive=parameters.recursive, expected_version=expected)
    return reply(DeleteResponse(deleted=deleted))


handler = lambda_handler(router, files_bucket)
