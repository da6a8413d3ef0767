"""DELETE /versions/{id}: delete a version without sessions."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.catalog.wiring import versions
from shared.http.api import EntityId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import no_content
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["versions"])


@router.delete(
    "/versions/{id}",
    operation_id="deleteVersion",
    summary="Delete version",
    status_code=204,
)
async def delete_version(
    identifier: EntityId, caller: Writer, version: ExpectedVersion
) -> Response:
    """Delete a version without sessions. A version that has some is kept: the answer is a 400
    that names them.
    """
    versions().delete(caller.organization_id, identifier, expected_version=version)
    return no_content()


handler = lambda_handler(router)
