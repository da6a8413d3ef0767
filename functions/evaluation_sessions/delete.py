"""DELETE /sessions/{id}: delete an evaluation session and its turns."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from shared.evaluations.api import Error
from shared.evaluations.sessions.wiring import sessions
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import no_content
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["sessions"])


@router.delete(
    "/sessions/{id}",
    operation_id="deleteSession",
    summary="Delete session",
    status_code=204,
    responses={401: {"model": Error}, 404: {"model": Error}},
)
async def delete_session(
    identifier: Annotated[str, Path(alias="id")], caller: Writer, version: ExpectedVersion
) -> Response:
    sessions().delete(caller.organization_id, identifier, expected_version=version)
    return no_content()


handler = lambda_handler(router)
