"""PATCH /versions/{id}: change a version; what is left out stays."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from shared.evaluations.api import Error
from shared.evaluations.parent_documents import VERSIONS
from shared.evaluations.parent_models import Version, VersionUpdate
from shared.evaluations.service import parents
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.replies import reply
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
    where = (VERSIONS, caller.organization_id, identifier)
    entity = parents().update(*where, body.told(), expected_version=version)
    return reply(Version.model_validate(entity), version=entity.version)


handler = lambda_handler(router)
