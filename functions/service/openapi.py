"""GET / and /openapi.json: the OpenAPI document and links to it. Need no API key."""

from shared.http.framework import APIRouter, Request, Response

from shared.http.endpoint import lambda_handler
from shared.http.openapi_document import RESPONSES, document, root_response
from shared.http.surfaces import PLAYGROUND

router: APIRouter = PLAYGROUND.router(tags=["service"])


def _path(request: Request) -> str:
    return str(request.scope["aws.event"]["requestContext"]["path"])


@router.get("/", operation_id="getRoot", include_in_schema=False)
async def root(request: Request) -> Response:
    return root_response(_path(request).rstrip("/"))


@router.get(
    "/openapi.json",
    operation_id="getOpenApi",
    summary="Get the OpenAPI 3.1 document",
    responses=RESPONSES,
)
async def openapi(request: Request) -> Response:
    """Return this document, with the URL of the requested stage. It needs no API key."""
    text, tag = document(_path(request).removesuffix("/openapi.json"))
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    # A gateway that compresses weakens the ETag (W/"…"); it still names this document.
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(text, headers=headers, media_type="application/json")


handler = lambda_handler(router)
