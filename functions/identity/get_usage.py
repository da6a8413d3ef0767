"""GET /v1/identity/usage: usage of the caller's organization by day, and its limits."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.composition.usage import usage
from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.identity.usage.api import UsageParameters, UsageResponse

router: APIRouter = PLAYGROUND.router(tags=["identity"])


@router.get(
    "/v1/identity/usage",
    operation_id="getUsage",
    summary="Get the organization's usage",
    response_model=UsageResponse,
    responses=error_responses(400, 403),
)
async def get_usage(caller: Reader, range_: Annotated[UsageParameters, Query()]) -> Response:
    """Count sessions, turns, tokens and cost by the day of a session's creation, from the rows of
    the lists of sessions, at most the newest 10,000; and get the limits that apply."""
    found = usage().get(caller.organization_id, range_.first_day, range_.last_day)
    return reply(UsageResponse.of(found))


handler = lambda_handler(router)
