"""POST /storage/generate-get-presigned-urls: sign downloads of files."""

from shared.http.framework import APIRouter, Response

from shared.core.errors import NotFound
from shared.core.ids import OrganizationId
from shared.evaluations.files.api import DownloadUrls, UrisToSign
from shared.evaluations.files.domain import download_url, key_of
from shared.evaluations.files.wiring import file_bucket
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["storage"])


@router.post(
    "/storage/generate-get-presigned-urls",
    operation_id="generateGetPresignedUrls",
    summary="Sign downloads",
    response_model=DownloadUrls,
)
async def create_download_urls(body: UrisToSign, caller: Reader) -> Response:
    """Return addresses by URI; a URI that is no file of the organization is left out."""
    found = {uri: key for uri in body.uris if (key := _known_key(caller.organization_id, uri))}
    urls = {uri: download_url(file_bucket(), key) for uri, key in found.items()}
    return reply(DownloadUrls(download_presigned_urls=urls))


def _known_key(organization_id: OrganizationId, uri: str) -> str | None:
    try:
        return key_of(organization_id, uri)
    except NotFound:
        return None


handler = lambda_handler(router, file_bucket)
