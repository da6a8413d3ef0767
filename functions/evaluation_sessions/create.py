"""POST /sessions: open an evaluation session."""

from fastapi import APIRouter, Response

from shared.evaluations.api import Error
from shared.evaluations.service import sessions
from shared.evaluations.session_models import Session, SessionInput
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.replies import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["sessions"])


@router.post(
    "/sessions",
    operation_id="createSession",
    summary="Create session",
    status_code=201,
    response_model=Session,
    responses={400: {"model": Error}, 401: {"model": Error}, 404: {"model": Error}},
)
async def create_session(
    body: SessionInput, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    opened = sessions().create(caller.organization_id, caller.key_id, body.asked(), idempotency)
    content = Session.model_validate(opened.session)
    return reply(content, status=201, version=opened.session.version, replayed=opened.replayed)


handler = lambda_handler(router)
