"""GET /minimum-sdk-version: which versions of the Galtea SDK may talk to this API: all."""

from typing import Any

from fastapi import APIRouter, Response

from shared.http.endpoint import lambda_handler
from shared.http.replies import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["auth"])


@router.get(
    "/minimum-sdk-version",
    operation_id="getMinimumSdkVersion",
    summary="Tell which versions of the SDK are supported",
    response_model=dict[str, Any],
)
async def get_minimum_sdk_version() -> Response:
    # An empty object sets no bounds; the SDK's constructor reads it and is content.
    return reply({})


handler = lambda_handler(router)
