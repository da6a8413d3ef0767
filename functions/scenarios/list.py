"""GET /v1/scenarios: list scenarios, newest first."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.http.api import PageResponse, error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.scenarios.library.api import ScenarioListParameters, ScenarioResponse
from shared.scenarios.library.wiring import scenarios

router: APIRouter = PLAYGROUND.router(tags=["scenarios"])


@router.get(
    "/v1/scenarios",
    operation_id="listScenarios",
    summary="List scenarios",
    response_model=PageResponse[ScenarioResponse],
    responses=error_responses(400),
)
async def list_scenarios(
    query: Annotated[ScenarioListParameters, Query()], caller: Reader
) -> Response:
    """List scenarios, newest first; all filters must match. A page has fewer than `limit`
    scenarios if they are large or most do not match; continue while there is a `next_cursor`.
    """
    cursors = Cursors(caller.organization_id, "scenarios", query.filters())
    found = scenarios().list(caller.organization_id, query.to_query(cursors.read(query.cursor)))
    items = [ScenarioResponse.of(scenario, found.agent_names) for scenario in found.value.items]
    return reply(PageResponse.of(items, cursors, found.value.next_cursor))


handler = lambda_handler(router)
