"""GET /v1/scenarios/{scenario_id}: get a scenario."""

from uuid import UUID

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.scenarios.library.api import ScenarioResponse
from shared.scenarios.library.wiring import scenarios

router: APIRouter = PLAYGROUND.router(tags=["scenarios"])


@router.get(
    "/v1/scenarios/{scenario_id}",
    operation_id="getScenario",
    summary="Get a scenario",
    response_model=ScenarioResponse,
    responses=error_responses(400, 404),
)
async def get(scenario_id: UUID, caller: Reader) -> Response:
    """Get a scenario, with the current names of its agents."""
    found = scenarios().get(caller.organization_id, scenario_id)
    return reply(ScenarioResponse.of(found.value, found.agent_names), version=found.value.version)


handler = lambda_handler(router)
