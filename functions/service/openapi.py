"""GET / and /openapi.json: where the API is described, and the description. Needs no key."""

from fastapi import APIRouter, Request, Response

from shared.http.description import document, signpost
from shared.http.endpoint import lambda_handler
from shared.http.surfaces import PLAYGROUND

router: APIRouter = PLAYGROUND.router(tags=["service"])


def _path(request: Request) -> str:
    return str(request.scope["aws.event"]["requestContext"]["path"])


@router.get("/", operation_id="getRoot", include_in_schema=False)
async def root(request: Request) -> Response:
    return signpost(_path(request).rstrip("/"))


@router.get(
    "/openapi.json",
    operation_id="getOpenApi",
    summary="Describe the API (OpenAPI 3.1)",
)
async def openapi(request: Request) -> Response:
    text, tag = document(_path(request).removesuffix("/openapi.json"))
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    # Weakened by a gateway that compresses (W/"…"), the tag still names this document.
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(text, headers=headers, media_type="application/json")


handler = lambda_handler(router)
