"""GET /health: health check. Needs no API key and reads nothing."""

from fastapi import APIRouter, Response

from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND

router: APIRouter = PLAYGROUND.router(tags=["service"])


@router.get("/health", operation_id="getHealth", summary="Check the health of the API")
async def health() -> Response:
    return reply({"status": "ok"})


handler = lambda_handler(router)
