"""POST /v1/scenarios/draft: draft a scenario from a brief."""

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.scenarios.drafting.api import ScenarioDraft, ScenarioDraftRequest
from shared.scenarios.drafting.wiring import brief_drafting, personal_data_classifier

router: APIRouter = PLAYGROUND.router(tags=["scenarios"])


@router.post(
    "/v1/scenarios/draft",
    operation_id="draftScenario",
    summary="Generate an unsaved scenario draft from a brief",
    response_model=ScenarioDraft,
    responses=error_responses(400),
)
async def draft(body: ScenarioDraftRequest, caller: Reader) -> Response:
    """Draft a scenario from a brief, by rules, without storing it. 400 if the agent does not
    exist or the brief has no sentence.
    """
    drafting = brief_drafting()
    drafted = drafting.draft(caller.organization_id, body.brief, body.agent_id, body.persona_id)
    return reply(ScenarioDraft.of(drafted))


handler = lambda_handler(router, personal_data_classifier)
