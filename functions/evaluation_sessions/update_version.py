"""PATCH /versions/{id}: update fields of a version."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.catalog.api import Version, VersionUpdate
from shared.evaluations.catalog.wiring import versions
from shared.http.api import EntityId
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
)
async def update_version(
    identifier: EntityId, body: VersionUpdate, caller: Writer, version: ExpectedVersion
) -> Response:
    """Change the fields that are sent; null clears a field. Fields that cannot change are
    accepted with their current value only.
    """
    entity = versions().update(
        caller.organization_id, identifier, body.sent_fields(), expected_version=version
    )
    return reply(Version.model_validate(entity), version=entity.version)


handler = lambda_handler(router)
