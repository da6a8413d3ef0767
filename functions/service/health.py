"""GET /health: the API answers. Needs no key and reads nothing."""

from fastapi import APIRouter, Response

from shared.http.endpoint import lambda_handler
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND

router: APIRouter = PLAYGROUND.router(tags=["service"])


@router.get("/health", operation_id="getHealth", summary="Tell whether the API answers")
async def health() -> Response:
    return reply({"status": "ok"})


handler = lambda_handler(router)
