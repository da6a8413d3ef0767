"""PATCH /sessions/{id}: update fields of an evaluation session."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.sessions.api import Session, SessionUpdate
from shared.evaluations.sessions.wiring import sessions
from shared.http.api import EntityId
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
)
async def update_session(
    identifier: EntityId, body: SessionUpdate, caller: Writer, version: ExpectedVersion
) -> Response:
    """Change the fields that are sent; null clears a field. Fields that cannot change are
    accepted with their current value only.
    """
    session = sessions().update(
        caller.organization_id, identifier, body.sent_fields(), expected_version=version
    )
    return reply(Session.model_validate(session), version=session.version)


handler = lambda_handler(router)
