"""DELETE /v1/scenarios/{scenario_id}: delete a scenario."""

from uuid import UUID

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import no_content
from shared.http.surfaces import PLAYGROUND
from shared.scenarios.library.wiring import scenarios

router: APIRouter = PLAYGROUND.router(tags=["scenarios"])


@router.delete(
    "/v1/scenarios/{scenario_id}",
    operation_id="deleteScenario",
    summary="Delete a scenario",
    status_code=204,
    responses=error_responses(400, 404),
)
async def delete(scenario_id: UUID, caller: Writer, expected: ExpectedVersion) -> Response:
    """Delete a scenario; sessions that replay it continue."""
    scenarios().delete(caller.organization_id, scenario_id, expected)
    return no_content()


handler = lambda_handler(router)
