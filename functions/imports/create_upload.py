"""POST /v1/sessions/import/uploads: create an upload for a large conversation."""

from shared.http.framework import APIRouter, Response

from shared.core.clock import system_clock
from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS
from shared.imports.api import Upload
from shared.imports.uploads import open_upload
from shared.imports.wiring import import_bucket

router: APIRouter = AGENTS.router(tags=["imports"])


@router.post(
    "/v1/sessions/import/uploads",
    operation_id="create_import_upload",
    summary="Create an upload",
    status_code=201,
    response_model=Upload,
)
async def create_import_upload(caller: Writer) -> Response:
    """Return an address for one conversation of up to 50 MB, in the form of an import's body.

    Send it with PUT within 15 minutes, without an API key, then import it by its `upload_id`.
    It is deleted once it is imported, or after a week.
    """
    upload = open_upload(import_bucket(), caller.organization_id, system_clock())
    return reply(Upload.of(upload), status=201)


handler = lambda_handler(router, import_bucket)
