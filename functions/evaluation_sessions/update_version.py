"""PATCH /versions/{id}: update fields of a version."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from shared.evaluations.api import Error
from shared.evaluations.catalog.api import Version, VersionUpdate
from shared.evaluations.catalog.wiring import versions
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["versions"])


@router.patch(
    "/versions/{id}",
    operation_id="updateVersion",
    summary="Update version",
    response_model=Version,
    responses={400: {"model": Error}, 401: {"model": Error}, 404: {"model": Error}},
)
async def update_version(
    identifier: Annotated[str, Path(alias="id")],
    body: VersionUpdate,
    caller: Writer,
    version: ExpectedVersion,
) -> Response:
    entity = versions().update(
        caller.organization_id, identifier, body.sent_fields(), expected_version=version
    )
    return reply(Version.model_validate(entity), version=entity.version)


handler = lambda_handler(router)
