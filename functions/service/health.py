"""GET /health: health check. Needs no API key and reads nothing."""

from shared.http.framework import APIRouter, Response

from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND

SCHEMA = {
    "type": "object",
    "properties": {"status": {"const": "ok", "type": "string", "description": "Always `ok`."}},
    "required": ["status"],
}

router: APIRouter = PLAYGROUND.router(tags=["service"])


@router.get(
    "/health",
    operation_id="getHealth",
    summary="Check the health of the API",
    responses={200: {"content": {"application/json": {"schema": SCHEMA}}}},
)
async def health() -> Response:
    """Answer as soon as the gateway reaches a function. It reads nothing and needs no API key."""
    return reply({"status": "ok"})


handler = lambda_handler(router)
