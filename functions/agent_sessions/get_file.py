"""GET /v1/sessions/{session_id}/fs/{path}: read a file, or list a directory."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.agents.files.api import FILE_ERRORS, DirectoryQuery, FileOrList, FilePath, file_or_list
from shared.agents.files.wiring import files_bucket, session_files
from shared.core.ids import SessionId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["filesystem"])


@router.get(
    "/v1/sessions/{session_id}/fs/{path:path}",
    operation_id="get_path",
    summary="Read a file or list a directory",
    response_model=FileOrList,
    responses=FILE_ERRORS,
)
async def get_path(
    session_id: SessionId,
    path: FilePath,
    caller: Reader,
    parameters: Annotated[DirectoryQuery, Query()],
) -> Response:
    """Read a file with its content, or list a directory: its own files, or all below."""
    files = session_files(caller.organization_id, session_id)
    workspace, file = files.read(path)
    answer, version = file_or_list(workspace, file, files.limits, recursive=parameters.recursive)
    return reply(answer, version=version)


handler = lambda_handler(router, files_bucket)
