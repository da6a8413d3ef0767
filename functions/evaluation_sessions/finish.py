"""PATCH /sessions/{id}/finish: complete or fail an evaluation session."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from shared.evaluations.api import Error
from shared.evaluations.sessions.api import Session, SessionFinishInput
from shared.evaluations.sessions.wiring import sessions
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["sessions"])


@router.patch(
    "/sessions/{id}/finish",
    operation_id="finishSession",
    summary="Finish session",
    response_model=Session,
    responses={400: {"model": Error}, 401: {"model": Error}, 404: {"model": Error}},
)
async def finish_session(
    identifier: Annotated[str, Path(alias="id")],
    body: SessionFinishInput,
    caller: Writer,
    version: ExpectedVersion,
) -> Response:
    reasons = (body.stopping_reason, body.error)
    session = sessions().finish(
        caller.organization_id, identifier, *reasons, expected_version=version
    )
    return reply(Session.model_validate(session), version=session.version)


handler = lambda_handler(router)
