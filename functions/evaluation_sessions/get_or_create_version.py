"""POST /versions/get-or-create: get the version that has these facts, or create it."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.catalog.api import Version, VersionOfFacts
from shared.evaluations.catalog.wiring import version_facts
from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["versions"])


@router.post(
    "/versions/get-or-create",
    operation_id="getOrCreateVersion",
    summary="Get or create a version",
    status_code=201,
    response_model=Version,
    responses={
        200: {"description": "The version existed", "model": Version},
        409: {"description": "Another version of the product has the name"},
    },
)
async def get_or_create_version(body: VersionOfFacts, caller: Writer) -> Response:
    """Return the version of a product that has these facts; create it if none has. Repeated
    requests, also concurrent ones, return one version. An unknown product is a 404.
    """
    key = (caller.organization_id, caller.key_id)
    found = version_facts().get_or_create(*key, body.product_id, body.facts, body.name)
    content = Version.model_validate(found.entity)
    return reply(content, status=200 if found.replayed else 201, version=found.entity.version)


handler = lambda_handler(router)
