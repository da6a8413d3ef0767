"""GET /v1/workflow/playground/sessions/{session_id}/graph: get the graph of a session."""

from shared.http.framework import APIRouter, Response

from shared.core.api_types import Line
from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.graphs.api import SessionGraphResponse
from shared.playground.graphs.wiring import graphs
from shared.playground.sessions.api import to_session_id

router: APIRouter = PLAYGROUND.router(tags=["workflow-playground"])


@router.get(
    "/v1/workflow/playground/sessions/{session_id}/graph",
    operation_id="getPlaygroundSessionGraph",
    summary="Get the graph that a session runs",
    response_model=SessionGraphResponse,
    responses=error_responses(404),
)
async def get_graph(session_id: Line, caller: Reader) -> Response:
    """Get the graph that a session was opened on, and its findings. Later changes of the
    catalog or of the revision do not affect it.
    """
    graph, result = graphs().of_session(caller.organization_id, to_session_id(session_id))
    return reply(SessionGraphResponse.of(graph, result))


handler = lambda_handler(router)
