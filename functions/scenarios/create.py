"""POST /v1/scenarios: create a scenario, written by hand or drafted."""

from shared.http.framework import APIRouter, Response

from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.scenarios.library.api import ScenarioCreate, ScenarioResponse
from shared.scenarios.library.wiring import scenarios

router: APIRouter = PLAYGROUND.router(tags=["scenarios"])


@router.post(
    "/v1/scenarios",
    operation_id="createScenario",
    summary="Create a scenario",
    status_code=201,
    response_model=ScenarioResponse,
    responses=error_responses(400),
)
async def create(body: ScenarioCreate, caller: Writer, idempotency: IdempotencyKey) -> Response:
    """Create a scenario, or store a draft: it can be sent as it was returned. 400 if an agent
    does not exist.
    """
    created = scenarios().create(
        caller.organization_id, str(caller.key_id), body.content(), body.origin(), idempotency
    )
    scenario, replayed = created.value.entity, created.value.replayed
    content = ScenarioResponse.of(scenario, created.agent_names)
    return reply(content, status=201, version=scenario.version, replayed=replayed)


handler = lambda_handler(router)
