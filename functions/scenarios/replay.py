"""POST /v1/scenarios/{scenario_id}/replay: try a workflow in the world of a scenario."""

from uuid import UUID

from fastapi import APIRouter, Response

from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.sessions.models import CreatePlaygroundSessionRequest as Opening
from shared.playground.sessions.models import PlaygroundSessionResponse
from shared.playground.sessions.service import Replayed, playground_sessions
from shared.scenarios.service import scenarios

router: APIRouter = PLAYGROUND.router(tags=["scenarios"])


@router.post(
    "/v1/scenarios/{scenario_id}/replay",
    operation_id="replayScenario",
    summary="Open a playground session in the world of a scenario",
    status_code=201,
    response_model=PlaygroundSessionResponse,
    responses=refusals(404, 409),
)
async def replay(
    scenario_id: UUID, body: Opening, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    owner = caller.organization_id
    world = Replayed(scenario_id, lambda: scenarios().mock_world(owner, scenario_id))
    source = body.catalog_slug, body.revision_id
    opened = playground_sessions().open(owner, *source, idempotency, world)
    content = PlaygroundSessionResponse.of(opened.session)
    return reply(content, status=201, version=opened.session.version, replayed=opened.replayed)


handler = lambda_handler(router)
