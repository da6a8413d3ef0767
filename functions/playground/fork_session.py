"""POST /v1/workflow/playground/sessions/{session_id}/fork: open a session at a turn of another."""

from shared.http.framework import APIRouter, Response

from shared.core.api_types import Line
from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.forks.wiring import playground_forks
from shared.playground.sessions.api import ForkSessionRequest as Request
from shared.playground.sessions.api import PlaygroundSessionResponse, to_session_id

router: APIRouter = PLAYGROUND.router(tags=["workflow-playground"])


@router.post(
    "/v1/workflow/playground/sessions/{session_id}/fork",
    operation_id="fork_playground_session",
    summary="Fork Session",
    status_code=201,
    response_model=PlaygroundSessionResponse,
    responses=error_responses(400, 404, 409),
)
async def fork_session(
    session_id: Line, body: Request, caller: Writer, key: IdempotencyKey
) -> Response:
    """Open a session with the turns of another up to `at_turn`; a deadline there begins anew."""
    created = playground_forks().create(
        caller.organization_id, to_session_id(session_id), body.at_turn, key
    )
    content = PlaygroundSessionResponse.of(created.entity)
    return reply(content, status=201, version=created.entity.version, replayed=created.replayed)


handler = lambda_handler(router)
