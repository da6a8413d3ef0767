"""GET /v1/sessions/{session_id}/export: export a session of any kind with its log."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.agents.api import error_responses
from shared.agents.exported_sessions import AGENT_EXPORT
from shared.core.api_types import Line
from shared.evaluations.exported_sessions import EVALUATION_EXPORT
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import file_reply, see_other
from shared.http.surfaces import AGENTS
from shared.playground.exported_sessions import PLAYGROUND_EXPORT
from shared.sessions.exports import api
from shared.sessions.exports.wiring import session_exports

router: APIRouter = AGENTS.router(tags=["sessions"])
ERRORS = error_responses({400: "Invalid ID or format", 404: "Session not found"})


@router.get(
    "/v1/sessions/{session_id}/export",
    operation_id="export_session",
    summary="Export a session",
    response_class=Response,
    responses=api.EXPORT_RESPONSES | ERRORS,
)
async def export_session(
    session_id: Line, caller: Reader, query: Annotated[api.ExportParameters, Query()]
) -> Response:
    """Export a session of any kind in a form that an import reads; a large one by a link."""
    exports = session_exports(AGENT_EXPORT, PLAYGROUND_EXPORT, EVALUATION_EXPORT)
    found = exports.export(caller.organization_id, api.session_id_of(session_id), query.format)
    link = api.ExportLink.of(found) if found.url else None
    return see_other(link, link.url) if link else file_reply(*found.file)


handler = lambda_handler(router)
