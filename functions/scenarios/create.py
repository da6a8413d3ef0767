"""POST /v1/scenarios: store a scenario, written by hand or drafted."""

from fastapi import APIRouter, Response

from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.scenarios.models import ScenarioCreate, ScenarioResponse
from shared.scenarios.service import scenarios

router: APIRouter = PLAYGROUND.router(tags=["scenarios"])


@router.post(
    "/v1/scenarios",
    operation_id="createScenario",
    summary="Create a scenario",
    status_code=201,
    response_model=ScenarioResponse,
    responses=refusals(400),
)
async def create(body: ScenarioCreate, caller: Writer, idempotency: IdempotencyKey) -> Response:
    shown = scenarios().create(
        caller.organization_id, str(caller.key_id), body.content(), body.origin(), idempotency
    )
    scenario, replayed = shown.value.scenario, shown.value.replayed
    content = ScenarioResponse.of(scenario, shown.agents)
    return reply(content, status=201, version=scenario.version, replayed=replayed)


handler = lambda_handler(router)
