"""POST /v1/runs/{run_id}/cancel: cancel a run."""

from uuid import UUID

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.runs.runs.api import RunResponse
from shared.runs.runs.wiring import run_service

router: APIRouter = PLAYGROUND.router(tags=["runs"])


@router.post(
    "/v1/runs/{run_id}/cancel",
    operation_id="cancelRun",
    summary="Cancel a run",
    response_model=RunResponse,
    responses=error_responses(404),
)
async def cancel(run_id: UUID, caller: Writer) -> Response:
    """End a run: simulations in progress end within a turn, the others never begin. A run that
    has ended stays as it is."""
    return reply(RunResponse.of(run_service().cancel(caller.organization_id, run_id)))


handler = lambda_handler(router, run_service)
