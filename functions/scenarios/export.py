"""GET /v1/scenarios/export: export scenarios as JSON lines."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.responses import JSON_LINES, file_reply
from shared.http.surfaces import PLAYGROUND
from shared.scenarios.library.api import LINES, ScenarioExportParameters
from shared.scenarios.library.exporting import EXPORT_RESPONSE, scenario_lines
from shared.scenarios.library.wiring import scenarios

router: APIRouter = PLAYGROUND.router(tags=["scenarios"])


@router.get(
    "/v1/scenarios/export",
    operation_id="exportScenarios",
    summary="Export scenarios",
    response_class=Response,
    responses=EXPORT_RESPONSE | error_responses(400),
)
async def export_scenarios(
    query: Annotated[ScenarioExportParameters, Query()], caller: Reader
) -> Response:
    """Export a page of the list, one scenario per line: whole, as a test of promptfoo, or as a
    golden of deepeval. Continue with the cursor in `X-Next-Cursor`.
    """
    cursors = Cursors(caller.organization_id, "exported scenarios", query.filters())
    found = scenarios().list(caller.organization_id, query.to_query(cursors.read(query.cursor)))
    text = scenario_lines(found.value.items, found.agent_names, LINES[query.format])
    cursor = cursors.write(found.value.next_cursor)
    return file_reply(text, JSON_LINES, "scenarios.jsonl", next_cursor=cursor)


handler = lambda_handler(router)
