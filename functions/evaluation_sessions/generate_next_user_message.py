"""POST /conversationSimulator/generateNextUserMessage: record the simulated user's message."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.simulation.api import NextUserMessage, NextUserMessageInput
from shared.evaluations.simulation.wiring import simulation
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["conversation-simulator"])


@router.post(
    "/conversationSimulator/generateNextUserMessage",
    operation_id="generateNextUserMessage",
    summary="Generate next user message",
    response_model=NextUserMessage,
)
async def generate_next_user_message(
    body: NextUserMessageInput, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Return the next message of the simulated user, recorded as a PENDING turn; a turn that
    still waits is returned again. The scripted user claims no goal: it ends by `maxTurns`.
    """
    created = simulation().next_user_message(
        caller.organization_id, caller.key_id, body.session_id, body.max_turns, idempotency
    )
    content = NextUserMessage.model_validate(created.entity)
    return reply(content, replayed=created.replayed)


handler = lambda_handler(router)
