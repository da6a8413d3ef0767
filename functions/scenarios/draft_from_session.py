"""POST /v1/scenarios/draft-from-session: draft a scenario from a captured session."""

from fastapi import APIRouter, Response

from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import ErrorResponse
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.scenarios.drafting_service import drafts
from shared.scenarios.models import ScenarioDraft, ScenarioDraftFromSessionRequest

router: APIRouter = PLAYGROUND.router(tags=["scenarios"])


@router.post(
    "/v1/scenarios/draft-from-session",
    operation_id="draftScenarioFromSession",
    summary="Generate an unsaved scenario draft from a captured session",
    response_model=ScenarioDraft,
    responses={
        400: {"description": "Bad request", "model": ErrorResponse},
        401: {"description": "Authentication required", "model": ErrorResponse},
    },
)
async def draft_from_session(body: ScenarioDraftFromSessionRequest, caller: Reader) -> Response:
    draft = drafts().from_session(caller.organization_id, body.session_id)
    return reply(ScenarioDraft.of(draft))


handler = lambda_handler(router)
