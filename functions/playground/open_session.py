"""POST /v1/workflow/playground/sessions: open a session on a catalog workflow or a revision."""

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.sessions.api import (
    CreatePlaygroundSessionRequest,
    PlaygroundSessionResponse,
)
from shared.playground.sessions.wiring import playground_sessions

router: APIRouter = PLAYGROUND.router(tags=["workflow-playground"])


@router.post(
    "/v1/workflow/playground/sessions",
    operation_id="create_session_v1_workflow_playground_sessions_post",
    summary="Create Session",
    status_code=201,
    response_model=PlaygroundSessionResponse,
    responses=error_responses(404, 409),
)
async def open_session(
    body: CreatePlaygroundSessionRequest, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Open a session on a workflow as it is now; a revision without a graph is 409."""
    created = playground_sessions().open(
        caller.organization_id, body.catalog_slug, body.revision_id, idempotency
    )
    content = PlaygroundSessionResponse.of(created.entity)
    return reply(content, status=201, version=created.entity.version, replayed=created.replayed)


handler = lambda_handler(router)
