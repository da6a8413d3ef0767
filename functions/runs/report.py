"""GET /v1/runs/{run_id}/report: get the report of a run as a file."""

from typing import Annotated
from uuid import UUID

from shared.http.framework import APIRouter, Query, Response

from shared.http.api import error_responses
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import file_reply, see_other
from shared.http.surfaces import PLAYGROUND
from shared.runs.reports.api import REPORT_RESPONSES, ReportParameters
from shared.runs.reports.wiring import run_reports
from shared.sessions.exports.api import ExportLink

router: APIRouter = PLAYGROUND.router(tags=["runs"])


@router.get(
    "/v1/runs/{run_id}/report",
    operation_id="getRunReport",
    summary="Get the report of a run",
    response_class=Response,
    responses=REPORT_RESPONSES | error_responses(400, 404),
)
async def report(
    run_id: UUID, query: Annotated[ReportParameters, Query()], caller: Reader
) -> Response:
    """Get a run as a file: its scores, the changes since a baseline, and the reasons of what did
    not pass; of a run that goes on, as it is now. A large one is a link; 413 if the results take
    more than 20 seconds to read.
    """
    found = run_reports().report(caller.organization_id, run_id, query.format, query.baseline)
    link = ExportLink.of(found) if found.url else None
    return see_other(link, link.url) if link else file_reply(*found.file)


handler = lambda_handler(router)
