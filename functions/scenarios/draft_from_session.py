"""POST /v1/scenarios/draft-from-session: draft a scenario from a captured session."""

from shared.http.framework import APIRouter, Response

from shared.agents.transcript import AGENT_TRANSCRIPT
from shared.evaluations.transcript import EVALUATION_TRANSCRIPT
from shared.http.api import ErrorResponse
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.transcript import PLAYGROUND_TRANSCRIPT
from shared.scenarios.drafting.api import ScenarioDraft, ScenarioDraftFromSessionRequest
from shared.scenarios.drafting.wiring import personal_data_classifier, session_drafting

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
    """Draft a scenario from a session of any kind, without storing it: personal data is
    redacted, and the tools' answers become the mock world. 400 if the session does not exist or
    has no message of the user.
    """
    drafting = session_drafting(AGENT_TRANSCRIPT, PLAYGROUND_TRANSCRIPT, EVALUATION_TRANSCRIPT)
    draft = drafting.draft(caller.organization_id, body.session_id)
    return reply(ScenarioDraft.of(draft))


handler = lambda_handler(router, personal_data_classifier)
