"""POST /sessions: create an evaluation session."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.sessions.api import Session, SessionInput
from shared.evaluations.sessions.wiring import sessions
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["sessions"])


@router.post(
    "/sessions",
    operation_id="createSession",
    summary="Create session",
    status_code=201,
    response_model=Session,
)
async def create_session(
    body: SessionInput, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Create a session of a version, of a test case, in production or imported. A custom id
    that the version already has is a 400; an unknown version or test case is a 404.
    """
    created = sessions().create(
        caller.organization_id, caller.key_id, body.new_session(), idempotency
    )
    content = Session.model_validate(created.entity)
    return reply(content, status=201, version=created.entity.version, replayed=created.replayed)


handler = lambda_handler(router)
