"""POST /v1/sessions/{session_id}/tool-results: submit results of tools that the client runs."""

from shared.http.framework import APIRouter, Response

from shared.agents.api import error_responses
from shared.agents.tool_results.api import SubmitToolResultsRequest, SubmitToolResultsResponse
from shared.agents.tool_results.wiring import tool_results
from shared.core.ids import SessionId
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["agent-sessions"])
_CONFLICT = "The call has another result, or no turn waits for it"
_ERRORS = {
    400: "Invalid ID",
    404: "Session not found",
    409: _CONFLICT,
    413: "A result is too large",
}


@router.post(
    "/v1/sessions/{session_id}/tool-results",
    operation_id="submit_tool_results",
    summary="Submit tool results",
    response_model=SubmitToolResultsResponse,
    responses=error_responses(_ERRORS),
)
async def submit_tool_results(
    session_id: SessionId, body: SubmitToolResultsRequest, caller: Writer, key: IdempotencyKey
) -> Response:
    """Store results of some or all calls of `tool.call_requested`; the last continues the turn."""
    submitted = tool_results().submit(caller.organization_id, session_id, body.to_domain(), key)
    return reply(SubmitToolResultsResponse.of(submitted), replayed=submitted.replayed)


handler = lambda_handler(router)
