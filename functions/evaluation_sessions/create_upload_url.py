"""GET /storage/generate-put-presigned-url: sign an upload of a file."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.evaluations.files.api import UploadParameters, UploadUrls
from shared.evaluations.files.domain import VALID_SECONDS, download_url, new_key
from shared.evaluations.files.wiring import file_bucket
from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["storage"])


@router.get(
    "/storage/generate-put-presigned-url",
    operation_id="generatePutPresignedUrl",
    summary="Sign an upload",
    response_model=UploadUrls,
)
async def create_upload_url(
    query: Annotated[UploadParameters, Query()], caller: Writer
) -> Response:
    """Return addresses for a new file of the organization: one for its upload, one to read it. A
    file expires after a week; a test that is created from it keeps its test cases.
    """
    key, bucket = new_key(caller.organization_id, query.type(), query.key), file_bucket()
    content = UploadUrls(
        upload_presigned_url=bucket.upload_url(key, seconds=VALID_SECONDS),
        download_presigned_url=download_url(bucket, key),
    )
    return reply(content)


handler = lambda_handler(router, file_bucket)
