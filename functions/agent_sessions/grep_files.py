"""POST /v1/sessions/{session_id}/fs/_/grep: search in the files of a session."""

from shared.http.framework import APIRouter, Response

from shared.agents.files.api import FILE_ERRORS, GrepRequest, ListResponse_GrepResult
from shared.agents.files.wiring import file_search, files_bucket
from shared.core.ids import SessionId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["filesystem"])


@router.post(
    "/v1/sessions/{session_id}/fs/_/grep",
    operation_id="grep_files",
    summary="Search in files",
    response_model=ListResponse_GrepResult,
    responses=FILE_ERRORS,
)
async def grep_files(session_id: SessionId, body: GrepRequest, caller: Reader) -> Response:
    """Search the lines of text files by a regular expression, in time linear to their length."""
    search = file_search(caller.organization_id, session_id)
    return reply(ListResponse_GrepResult.of(search.grep(body.pattern, body.path_pattern)))


handler = lambda_handler(router, files_bucket)
