"""POST /v1/workflow/playground/sessions/{session_id}/resume: decide an approval; stream on."""

from shared.http.framework import APIRouter, Response

from shared.core.api_types import Line
from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.sse import finite_stream, streaming
from shared.http.surfaces import PLAYGROUND
from shared.playground.engine.engine import Decision
from shared.playground.sessions.api import ResumeApprovalRequest, to_session_id
from shared.playground.turns.streams import DESCRIPTION, run_as_stream

router: APIRouter = PLAYGROUND.router(tags=["workflow-playground"])


@router.post(
    "/v1/workflow/playground/sessions/{session_id}/resume",
    operation_id="resume_approval_v1_workflow_playground_sessions__session_id__resume_post",
    summary="Resume Approval",
    response_class=Response,
    responses=streaming(DESCRIPTION) | error_responses(404, 409),
)
async def resume(
    session_id: Line, body: ResumeApprovalRequest, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Decide the approval that a session awaits, and stream the turn that follows. 409 if the
    session awaits none, or another turn came first.
    """
    decision = Decision(approve=body.decision == "approve", note=body.note)
    turn = run_as_stream(caller.organization_id, to_session_id(session_id), decision, idempotency)
    return finite_stream(turn.frames, replayed=turn.replayed)


handler = lambda_handler(router)
