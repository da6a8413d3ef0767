"""GET /v1/scenarios/{scenario_id}/checks/suggested: suggest checks from a captured session."""

from typing import Annotated
from uuid import UUID

from shared.http.framework import APIRouter, Query, Response

from shared.agents.transcript import AGENT_TRANSCRIPT
from shared.evaluations.transcript import EVALUATION_TRANSCRIPT
from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.transcript import PLAYGROUND_TRANSCRIPT
from shared.runs.checks.api import ScenarioChecksResponse, SuggestedChecksParameters
from shared.runs.checks.wiring import checks
from shared.scenarios.drafting.wiring import personal_data_classifier, recorded_conversations

router: APIRouter = PLAYGROUND.router(tags=["scenarios"])
_SOURCES = (AGENT_TRANSCRIPT, PLAYGROUND_TRANSCRIPT, EVALUATION_TRANSCRIPT)
_Query = Annotated[SuggestedChecksParameters, Query()]


@router.get(
    "/v1/scenarios/{scenario_id}/checks/suggested",
    operation_id="suggestScenarioChecks",
    summary="Suggest checks from a captured session",
    response_model=ScenarioChecksResponse,
    responses=error_responses(400, 404),
)
async def suggest(scenario_id: UUID, query: _Query, caller: Reader) -> Response:
    """Suggest checks, without storing them: the changes that the session made, its ending, and
    personal data that its agent did not say, by the invented values of a draft from it."""
    recorded = recorded_conversations(*_SOURCES).read(caller.organization_id, query.session_id)
    suggested = checks().suggest(caller.organization_id, scenario_id, *recorded)
    return reply(ScenarioChecksResponse.of(suggested))


handler = lambda_handler(router, personal_data_classifier)
