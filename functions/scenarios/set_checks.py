"""PUT /v1/scenarios/{scenario_id}/checks: set the checks of a scenario."""

from uuid import UUID

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.runs.checks.api import ScenarioChecksRequest, ScenarioChecksResponse
from shared.runs.checks.wiring import checks

router: APIRouter = PLAYGROUND.router(tags=["scenarios"])


@router.put(
    "/v1/scenarios/{scenario_id}/checks",
    operation_id="setScenarioChecks",
    summary="Set the checks of a scenario",
    response_model=ScenarioChecksResponse,
    responses=error_responses(400, 404),
)
async def set_checks(
    scenario_id: UUID, body: ScenarioChecksRequest, caller: Writer, expected: ExpectedVersion
) -> Response:
    """Replace all checks of a scenario. Simulations that have begun keep those they began with."""
    stored = checks().set(caller.organization_id, scenario_id, body.documents(), expected)
    return reply(ScenarioChecksResponse.of(stored), version=stored.version)


handler = lambda_handler(router)
