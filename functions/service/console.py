"""GET /console and /console/{path}: the web console. Needs no API key."""

from shared.http.framework import APIRouter, Request, Response

from shared.http.console_files import HEADERS, base_of, console_file
from shared.http.endpoint import lambda_handler
from shared.http.surfaces import PLAYGROUND

router: APIRouter = PLAYGROUND.router(tags=["service"], include_in_schema=False)


@router.get("/console", operation_id="getConsole", status_code=308)
async def console(request: Request) -> Response:
    if not _path(request).endswith("/"):
        # Relative to the parent of /console, as the browser resolves it.
        return Response(status_code=308, headers=HEADERS | {"Location": "console/"})
    return _answer(request, "")


@router.get("/console/{path:path}", operation_id="getConsoleFile")
async def console_path(request: Request, path: str) -> Response:
    return _answer(request, path)


def _path(request: Request) -> str:
    return str(request.scope["aws.event"]["requestContext"]["path"])


def _answer(request: Request, path: str) -> Response:
    found = console_file(path, base_of(_path(request)))
    # A gateway that compresses weakens the ETag (W/"…"); it still names this content.
    if found.status == 200 and found.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=found.headers)
    return Response(found.text, found.status, found.headers, found.media_type)


handler = lambda_handler(router)
