"""POST /versions: create a version of a product."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.catalog.api import Version, VersionInput
from shared.evaluations.catalog.wiring import versions
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["versions"])


@router.post(
    "/versions",
    operation_id="createVersion",
    summary="Create a version",
    status_code=201,
    response_model=Version,
)
async def create_version(
    body: VersionInput, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Create a version of a product. Without a name it gets its number, as in `v3`. An
    unknown product is a 404.
    """
    created = versions().create(
        caller.organization_id, caller.key_id, body.model_dump(), idempotency
    )
    content = Version.model_validate(created.entity)
    return reply(content, status=201, version=created.entity.version, replayed=created.replayed)


handler = lambda_handler(router)
