"""GET /sessions/{id}: get an evaluation session."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.sessions.api import Session
from shared.evaluations.sessions.wiring import sessions
from shared.http.api import EntityId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["sessions"])


@router.get(
    "/sessions/{id}",
    operation_id="getSession",
    summary="Get session by ID",
    response_model=Session,
)
async def get_session(identifier: EntityId, caller: Reader) -> Response:
    """Return one session. A deleted session, or one of another organization, is a 404."""
    session = sessions().get(caller.organization_id, identifier)
    return reply(Session.model_validate(session), version=session.version)


handler = lambda_handler(router)
