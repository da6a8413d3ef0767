"""GET /v1/scenarios: list scenarios, newest first."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.pages import CursorPage
from shared.http.paging import Cursors
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.scenarios.models import ScenarioListParameters, ScenarioResponse
from shared.scenarios.service import scenarios

router: APIRouter = PLAYGROUND.router(tags=["scenarios"])


@router.get(
    "/v1/scenarios",
    operation_id="listScenarios",
    summary="List scenarios",
    response_model=CursorPage[ScenarioResponse],
    responses=refusals(400),
)
async def list_scenarios(
    asked: Annotated[ScenarioListParameters, Query()], caller: Reader
) -> Response:
    cursors = Cursors(caller.organization_id, "scenarios", asked.filters())
    page = scenarios().find(caller.organization_id, asked.to_query(cursors.read(asked.cursor)))
    items = [ScenarioResponse.of(scenario, page.agents) for scenario in page.scenarios]
    return reply(CursorPage.of(items, cursors, page.after))


handler = lambda_handler(router)
