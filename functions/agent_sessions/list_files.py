"""GET /v1/sessions/{session_id}/fs: list the files of a session."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.agents.files.api import FILE_ERRORS, DirectoryQuery, ListResponse_FileInfo
from shared.agents.files.wiring import session_files
from shared.core.ids import SessionId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["filesystem"])


@router.get(
    "/v1/sessions/{session_id}/fs",
    operation_id="get_root",
    summary="List the root directory",
    response_model=ListResponse_FileInfo,
    responses=FILE_ERRORS,
)
async def get_root(
    session_id: SessionId, caller: Reader, parameters: Annotated[DirectoryQuery, Query()]
) -> Response:
    """List the files of a session by path: the root's, or all; with their use and limits."""
    files = session_files(caller.organization_id, session_id)
    workspace, entries = files.list_root(recursive=parameters.recursive)
    return reply(ListResponse_FileInfo.of(workspace, entries, files.limits))


handler = lambda_handler(router)
