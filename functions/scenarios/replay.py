"""POST /v1/scenarios/{scenario_id}/replay: open a playground session in its mock world."""

from uuid import UUID

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.sessions.api import PlaygroundSessionResponse
from shared.playground.sessions.api import ReplayScenarioRequest as Body
from shared.playground.sessions.service import ScenarioReplay
from shared.playground.sessions.wiring import playground_sessions
from shared.scenarios.library.wiring import scenarios

router: APIRouter = PLAYGROUND.router(tags=["scenarios"])


@router.post(
    "/v1/scenarios/{scenario_id}/replay",
    operation_id="replayScenario",
    summary="Open a playground session in the world of a scenario",
    status_code=201,
    response_model=PlaygroundSessionResponse,
    responses=error_responses(404, 409),
)
async def replay(scenario_id: UUID, body: Body, caller: Writer, key: IdempotencyKey) -> Response:
    """Open a session whose tools answer from the scenario; 409 if its mock world cannot."""
    world = ScenarioReplay(scenario_id, scenarios().mock_world, body.on_unmatched)
    source = body.catalog_slug, body.revision_id
    created = playground_sessions().open(caller.organization_id, *source, key, world)
    session = PlaygroundSessionResponse.of(created.entity)
    return reply(session, status=201, version=created.entity.version, replayed=created.replayed)


handler = lambda_handler(router)
