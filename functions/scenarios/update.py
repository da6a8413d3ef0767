"""PUT /v1/scenarios/{scenario_id}: update a scenario, except its origin."""

from uuid import UUID

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.scenarios.library.api import ScenarioResponse, ScenarioUpdate
from shared.scenarios.library.wiring import scenarios

router: APIRouter = PLAYGROUND.router(tags=["scenarios"])


@router.put(
    "/v1/scenarios/{scenario_id}",
    operation_id="updateScenario",
    summary="Update a scenario",
    response_model=ScenarioResponse,
    responses=error_responses(400, 404),
)
async def update(
    scenario_id: UUID, body: ScenarioUpdate, caller: Writer, expected: ExpectedVersion
) -> Response:
    """Change fields of a scenario; omitted ones stay unchanged. Its origin, the fields
    `source…`, cannot be changed.
    """
    organization_id = caller.organization_id
    updated = scenarios().update(organization_id, scenario_id, body.changes(), expected)
    return reply(
        ScenarioResponse.of(updated.value, updated.agent_names), version=updated.value.version
    )


handler = lambda_handler(router)
