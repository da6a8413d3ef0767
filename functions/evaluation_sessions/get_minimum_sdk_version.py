"""GET /minimum-sdk-version: supported versions of the Galtea SDK, which are all."""

from typing import Any

from shared.http.framework import APIRouter, Response

from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["auth"])


@router.get(
    "/minimum-sdk-version",
    operation_id="getMinimumSdkVersion",
    summary="Get the supported SDK versions",
    response_model=dict[str, Any],
)
async def get_minimum_sdk_version() -> Response:
    """Return an empty object: every version of the Galtea SDK is supported. The SDK reads it
    once, without a key.
    """
    # The SDK's constructor reads it; an empty object sets no bounds.
    return reply({})


handler = lambda_handler(router)
