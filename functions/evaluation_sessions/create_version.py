"""POST /versions: create a version of a product."""

from fastapi import APIRouter, Response

from shared.evaluations.api import Error
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
    responses={400: {"model": Error}, 401: {"model": Error}, 404: {"model": Error}},
)
async def create_version(
    body: VersionInput, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    created = versions().create(
        caller.organization_id, caller.key_id, body.model_dump(), idempotency
    )
    content = Version.model_validate(created.entity)
    return reply(content, status=201, version=created.entity.version, replayed=created.replayed)


handler = lambda_handler(router)
