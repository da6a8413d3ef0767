"""GET /storage/generate-get-presigned-url: sign a download of a file."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.core.errors import NotFound
from shared.evaluations.files.api import DownloadUrl, LinkParameters
from shared.evaluations.files.domain import download_url, key_of
from shared.evaluations.files.wiring import file_bucket
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["storage"])


@router.get(
    "/storage/generate-get-presigned-url",
    operation_id="generateGetPresignedUrl",
    summary="Sign a download",
    response_model=DownloadUrl,
)
async def create_download_url(
    query: Annotated[LinkParameters, Query()], caller: Reader
) -> Response:
    """Return an address of a file of the organization. Any other URI is a 404."""
    key = key_of(caller.organization_id, query.uri)
    if key is None:
        raise NotFound("uri: file not found")
    return reply(DownloadUrl(download_presigned_url=download_url(file_bucket(), key)))


handler = lambda_handler(router, file_bucket)
