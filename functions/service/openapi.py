"""GET / and /openapi.json: the description of the whole API, and where it is. Needs no key."""

import hashlib
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Request, Response

from shared.core.json import dumps, loads
from shared.http.endpoint import lambda_handler
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND

router: APIRouter = PLAYGROUND.router(tags=["service"])


@cache
def document(base: str) -> tuple[str, str]:
    """Return the document, without the line breaks it is committed with, and its tag."""
    content = loads((files("shared.http") / "openapi.json").read_bytes())
    # Some tools take a server relative to the document for one relative to the host.
    text = dumps(content | {"servers": [{"url": base}]})
    return text, f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


@router.get("/", operation_id="getRoot", include_in_schema=False)
async def root(request: Request) -> Response:
    base = request.scope["aws.event"]["requestContext"]["path"].rstrip("/")
    answer = reply({"description": f"{base}/openapi.json", "documentation": f"{base}/docs"})
    # As RFC 8631 has it: tools that build commands from a description look for it here.
    answer.headers["Link"] = (
        f'<{base}/openapi.json>; rel="service-desc", <{base}/docs>; rel="service-doc"'
    )
    return answer


@router.get(
    "/openapi.json",
    operation_id="getOpenApi",
    summary="Describe the API (OpenAPI 3.1)",
)
async def openapi(request: Request) -> Response:
    sent = request.scope["aws.event"]["requestContext"]["path"]
    text, tag = document(sent.removesuffix("/openapi.json") or "/")
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    # Weakened by a gateway that compresses (W/"…"), the tag still names this document.
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(text, headers=headers, media_type="application/json")


handler = lambda_handler(router)
