"""POST /v1/scenarios/draft: draft a scenario from a brief."""

from fastapi import APIRouter, Response

from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.scenarios.drafting_service import drafts
from shared.scenarios.models import ScenarioDraft, ScenarioDraftRequest

router: APIRouter = PLAYGROUND.router(tags=["scenarios"])


@router.post(
    "/v1/scenarios/draft",
    operation_id="draftScenario",
    summary="Generate an unsaved scenario draft from a brief",
    response_model=ScenarioDraft,
    responses=refusals(400),
)
async def draft(body: ScenarioDraftRequest, caller: Reader) -> Response:
    made = drafts().from_brief(caller.organization_id, body.brief, body.agent_id, body.persona_id)
    return reply(ScenarioDraft.of(made))


handler = lambda_handler(router)
