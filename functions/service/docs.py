"""GET /docs and /docs/{asset}: the docs page. Needs no API key."""

from shared.http.framework import APIRouter, Request, Response

from shared.http.docs_page import HEADERS, asset, page
from shared.http.endpoint import lambda_handler
from shared.http.surfaces import PLAYGROUND

router: APIRouter = PLAYGROUND.router(tags=["service"], include_in_schema=False)


@router.get("/docs", operation_id="getDocs")
async def docs(request: Request) -> Response:
    if request.scope["aws.event"]["requestContext"]["path"].endswith("/"):
        # The page's URLs are relative to /docs and break at /docs/.
        return Response(status_code=308, headers={"Location": "../docs"})
    return Response(page(), media_type="text/html", headers=HEADERS)


@router.get("/docs/{name}", operation_id="getDocsAsset")
async def docs_asset(name: str) -> Response:
    file = asset(name)
    return Response(file.text, media_type=file.media_type, headers=file.headers)


handler = lambda_handler(router)
