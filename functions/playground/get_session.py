"""GET /v1/workflow/playground/sessions/{session_id}: read a playground session."""

from shared.http.framework import APIRouter, Response

from shared.core.api_types import Line
from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.sessions.api import PlaygroundSessionResponse, to_session_id
from shared.playground.sessions.wiring import playground_sessions

router: APIRouter = PLAYGROUND.router(tags=["workflow-playground"])


@router.get(
    "/v1/workflow/playground/sessions/{session_id}",
    operation_id="get_session_info_v1_workflow_playground_sessions__session_id__get",
    summary="Get Session Info",
    response_model=PlaygroundSessionResponse,
    responses=error_responses(404),
)
async def get_session(session_id: Line, caller: Reader) -> Response:
    """Get the state of a session: position in the graph, variables, and the last signal.
    An approval whose deadline has passed is denied first.
    """
    session = playground_sessions().get(caller.organization_id, to_session_id(session_id))
    return reply(PlaygroundSessionResponse.of(session), version=session.version)


handler = lambda_handler(router)
