"""GET /v1/runs/{run_id}: get a run with its counts."""

from uuid import UUID

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.runs.runs.api import RunResponse
from shared.runs.runs.wiring import runs

router: APIRouter = PLAYGROUND.router(tags=["runs"])


@router.get(
    "/v1/runs/{run_id}",
    operation_id="getRun",
    summary="Get a run",
    response_model=RunResponse,
    responses=error_responses(404),
)
async def get(run_id: UUID, caller: Reader) -> Response:
    """Return a run with its counts as of now, and its scores once it has ended."""
    return reply(RunResponse.of(runs().get(caller.organization_id, run_id)))


handler = lambda_handler(router, runs)
