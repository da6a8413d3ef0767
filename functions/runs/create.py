"""POST /v1/runs: run scenarios against an agent."""

from shared.http.framework import APIRouter, Request, Response

from shared.composition.simulations import run_inputs
from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.own_url import own_url
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.runs.requests.api import RunCreate
from shared.runs.runs.api import RunResponse
from shared.runs.runs.wiring import run_service, runs

router: APIRouter = PLAYGROUND.router(tags=["runs"])


@router.post(
    "/v1/runs",
    operation_id="createRun",
    summary="Run scenarios against an agent",
    status_code=202,
    response_model=RunResponse,
    responses=error_responses(400, 409),
)
async def create(
    body: RunCreate, request: Request, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Start a run in the background. It waits while other runs have all places."""
    new = body.new_run(own_url(request))
    created = run_service().create(
        caller.organization_id, str(caller.key_id), new, run_inputs(), idempotency
    )
    state = runs().state(created.entity)
    return reply(RunResponse.of(state), status=202, replayed=created.replayed)


handler = lambda_handler(router, run_service, run_inputs)
