"""POST /v1/workflow/playground/sessions/{session_id}/messages: say something; stream the turn."""

from shared.http.framework import APIRouter, Response

from shared.core.api_types import Line
from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.sse import finite_stream, streaming
from shared.http.surfaces import PLAYGROUND
from shared.playground.engine.engine import Message
from shared.playground.sessions.api import SendMessageRequest, to_session_id
from shared.playground.turns.streams import DESCRIPTION, run_as_stream

router: APIRouter = PLAYGROUND.router(tags=["workflow-playground"])


@router.post(
    "/v1/workflow/playground/sessions/{session_id}/messages",
    operation_id="send_message_v1_workflow_playground_sessions__session_id__messages_post",
    summary="Send Message",
    response_class=Response,
    responses=streaming(DESCRIPTION) | error_responses(404, 409),
)
async def send_message(
    session_id: Line, body: SendMessageRequest, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Send a message of the user, and stream the turn that it starts. 409 if the session has
    ended, awaits an approval, or another turn came first.
    """
    turn = run_as_stream(
        caller.organization_id, to_session_id(session_id), Message(body.message), idempotency
    )
    return finite_stream(turn.frames, replayed=turn.replayed)


handler = lambda_handler(router)
