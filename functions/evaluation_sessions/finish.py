"""PATCH /sessions/{id}/finish: complete or fail an evaluation session."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.sessions.api import Session, SessionFinishInput
from shared.evaluations.sessions.wiring import sessions
from shared.http.api import EntityId
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
)
async def finish_session(
    identifier: EntityId, body: SessionFinishInput, caller: Writer, version: ExpectedVersion
) -> Response:
    """Close a session: a stopping reason completes it, an error fails it. Finishing again with
    the same values returns the session; with others it is a 400.
    """
    reasons = (body.stopping_reason, body.error)
    session = sessions().finish(
        caller.organization_id, identifier, *reasons, expected_version=version
    )
    return reply(Session.model_validate(session), version=session.version)


handler = lambda_handler(router)
