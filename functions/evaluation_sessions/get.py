"""GET /sessions/{id}: get an evaluation session."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from shared.evaluations.api import Error
from shared.evaluations.sessions.api import Session
from shared.evaluations.sessions.wiring import sessions
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
    responses={401: {"model": Error}, 404: {"model": Error}},
)
async def get_session(identifier: Annotated[str, Path(alias="id")], caller: Reader) -> Response:
    session = sessions().get(caller.organization_id, identifier)
    return reply(Session.model_validate(session), version=session.version)


handler = lambda_handler(router)
