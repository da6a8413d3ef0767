"""PUT /v1/scenarios/{scenario_id}: change a scenario, all but where it comes from."""

from uuid import UUID

from fastapi import APIRouter, Response

from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.scenarios.models import ScenarioResponse, ScenarioUpdate
from shared.scenarios.service import scenarios

router: APIRouter = PLAYGROUND.router(tags=["scenarios"])


@router.put(
    "/v1/scenarios/{scenario_id}",
    operation_id="updateScenario",
    summary="Update a scenario",
    response_model=ScenarioResponse,
    responses=refusals(400, 404),
)
async def update(
    scenario_id: UUID, body: ScenarioUpdate, caller: Writer, expected: ExpectedVersion
) -> Response:
    organization_id = caller.organization_id
    shown = scenarios().update(organization_id, scenario_id, body.changes(), expected)
    return reply(ScenarioResponse.of(shown.value, shown.agents), version=shown.value.version)


handler = lambda_handler(router)
