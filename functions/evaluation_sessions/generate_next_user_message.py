"""POST /conversationSimulator/generateNextUserMessage: what the simulated user says next."""

from fastapi import APIRouter, Response

from shared.evaluations.api import Error
from shared.evaluations.service import simulation
from shared.evaluations.simulation_models import NextUserMessage, NextUserMessageInput
from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.replies import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["conversation-simulator"])


@router.post(
    "/conversationSimulator/generateNextUserMessage",
    operation_id="generateNextUserMessage",
    summary="Generate next user message",
    response_model=NextUserMessage,
    responses={400: {"model": Error}, 401: {"model": Error}, 404: {"model": Error}},
)
async def generate_next_user_message(body: NextUserMessageInput, caller: Writer) -> Response:
    said = simulation().next_user_message(
        caller.organization_id, caller.key_id, body.session_id, body.max_turns
    )
    return reply(NextUserMessage.model_validate(said))


handler = lambda_handler(router)
