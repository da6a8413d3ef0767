"""POST /v1/simulation/runs: run one scenario with a persona against an agent."""

from shared.http.framework import APIRouter, Request, Response

from shared.composition.simulations import run_inputs
from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.own_url import own_url
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.runs.dispatched.api import SimulationRunDispatch as Dispatch
from shared.runs.dispatched.api import SimulationRunResponse, names_as_requested
from shared.runs.runs.wiring import run_service, runs

router: APIRouter = PLAYGROUND.router(tags=["runs"])


@router.post(
    "/v1/simulation/runs",
    operation_id="dispatchSimulationRun",
    summary="Run one scenario with a persona against an agent",
    status_code=201,
    response_model=SimulationRunResponse,
    responses=error_responses(400, 409),
)
async def dispatch(
    body: Dispatch, request: Request, caller: Writer, key: IdempotencyKey
) -> Response:
    """Start a run of one simulation in the background."""
    organization, new = caller.organization_id, body.new_run(own_url(request))
    with names_as_requested():
        created = run_service().create(organization, str(caller.key_id), new, run_inputs(), key)
    content = SimulationRunResponse.of(*runs().dispatched(organization, created.entity.id))
    return reply(content, status=201, replayed=created.replayed)


handler = lambda_handler(router, run_service, run_inputs)
