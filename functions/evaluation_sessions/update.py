"""PATCH /sessions/{id}: update fields of an evaluation session."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from shared.evaluations.api import Error
from shared.evaluations.sessions.api import Session, SessionUpdate
from shared.evaluations.sessions.wiring import sessions
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["sessions"])


@router.patch(
    "/sessions/{id}",
    operation_id="updateSession",
    summary="Update session",
    response_model=Session,
    responses={400: {"model": Error}, 401: {"model": Error}, 404: {"model": Error}},
)
async def update_session(
    identifier: Annotated[str, Path(alias="id")],
    body: SessionUpdate,
    caller: Writer,
    version: ExpectedVersion,
) -> Response:
    session = sessions().update(
        caller.organization_id, identifier, body.sent_fields(), expected_version=version
    )
    return reply(Session.model_validate(session), version=session.version)


handler = lambda_handler(router)
