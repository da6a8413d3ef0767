"""POST /traces: record a step of a turn."""

from shared.http.framework import APIRouter, Response

from shared.core.clock import system_clock
from shared.evaluations.traces.api import MAX_BATCH_BODY, Trace, TraceInput, traces_of
from shared.evaluations.traces.wiring import traces
from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["traces"], max_body_bytes=MAX_BATCH_BODY)


@router.post(
    "/traces",
    operation_id="createTrace",
    summary="Create trace",
    status_code=201,
    response_model=Trace,
    responses={409: {"description": "Another trace of the turn has this id"}},
)
async def create_trace(body: TraceInput, caller: Writer) -> Response:
    """Record a tool call, a generation or another step of a turn. A trace that is sent again
    under its id is returned as it is stored; another one under that id is a 409.
    """
    created = traces().create(caller.organization_id, traces_of([body], system_clock()))
    [trace] = created.traces
    return reply(Trace.model_validate(trace), status=201, replayed=created.replayed)


handler = lambda_handler(router)
