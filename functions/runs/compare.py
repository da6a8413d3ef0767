"""GET /v1/runs/{run_id}/compare: compare a run with an earlier one."""

from typing import Annotated
from uuid import UUID

from shared.http.framework import APIRouter, Query, Response

from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.runs.reports.api import CompareParameters, ComparisonResponse
from shared.runs.reports.wiring import run_reports

router: APIRouter = PLAYGROUND.router(tags=["runs"])


@router.get(
    "/v1/runs/{run_id}/compare",
    operation_id="compareRuns",
    summary="Compare a run with an earlier one",
    response_model=ComparisonResponse,
    responses=error_responses(400, 404),
)
async def compare(
    run_id: UUID, query: Annotated[CompareParameters, Query()], caller: Reader
) -> Response:
    """Compare a run with an earlier one, scenario by scenario, those that regressed first; 413 if
    the results of both take more than 20 seconds to read.
    """
    found = run_reports().compare(caller.organization_id, run_id, query.other)
    return reply(ComparisonResponse.of(found))


handler = lambda_handler(router)
