"""GET /v1/scenarios/{scenario_id}: read a scenario."""

from uuid import UUID

from fastapi import APIRouter, Response

from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.scenarios.models import ScenarioResponse
from shared.scenarios.service import scenarios

router: APIRouter = PLAYGROUND.router(tags=["scenarios"])


@router.get(
    "/v1/scenarios/{scenario_id}",
    operation_id="getScenario",
    summary="Get a scenario",
    response_model=ScenarioResponse,
    responses=refusals(400, 404),
)
async def get(scenario_id: UUID, caller: Reader) -> Response:
    shown = scenarios().get(caller.organization_id, scenario_id)
    return reply(ScenarioResponse.of(shown.value, shown.agents), version=shown.value.version)


handler = lambda_handler(router)
