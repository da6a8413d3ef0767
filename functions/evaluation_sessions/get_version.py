"""GET /versions/{id}: get a version."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.catalog.api import Version
from shared.evaluations.catalog.wiring import versions
from shared.http.api import EntityId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["versions"])


@router.get(
    "/versions/{id}",
    operation_id="getVersion",
    summary="Get a version",
    response_model=Version,
)
async def get_version(identifier: EntityId, caller: Reader) -> Response:
    """Return one version. A deleted version, or one of another organization, is a 404."""
    entity = versions().get(caller.organization_id, identifier)
    return reply(Version.model_validate(entity), version=entity.version)


handler = lambda_handler(router)
