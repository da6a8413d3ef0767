"""GET /versions/{id}: get a version."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from shared.evaluations.api import Error
from shared.evaluations.catalog.api import Version
from shared.evaluations.catalog.wiring import versions
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
    responses={401: {"model": Error}, 404: {"model": Error}},
)
async def get_version(identifier: Annotated[str, Path(alias="id")], caller: Reader) -> Response:
    entity = versions().get(caller.organization_id, identifier)
    return reply(Version.model_validate(entity), version=entity.version)


handler = lambda_handler(router)
