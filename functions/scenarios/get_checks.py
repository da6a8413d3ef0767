"""GET /v1/scenarios/{scenario_id}/checks: get the checks of a scenario."""

from uuid import UUID

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.runs.checks.api import ScenarioChecksResponse
from shared.runs.checks.wiring import checks

router: APIRouter = PLAYGROUND.router(tags=["scenarios"])


@router.get(
    "/v1/scenarios/{scenario_id}/checks",
    operation_id="getScenarioChecks",
    summary="Get the checks of a scenario",
    response_model=ScenarioChecksResponse,
    responses=error_responses(400, 404),
)
async def get_checks(scenario_id: UUID, caller: Reader) -> Response:
    """Get the checks that decide the runs of a scenario; without an `ETag` until they are set."""
    found = checks().get(caller.organization_id, scenario_id)
    return reply(ScenarioChecksResponse.of(found), version=found.version or None)


handler = lambda_handler(router)
