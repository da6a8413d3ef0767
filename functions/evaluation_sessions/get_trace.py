"""GET /traces/{id}: get a step of a turn."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.traces.api import Trace
from shared.evaluations.traces.wiring import trace_lists
from shared.http.api import EntityId
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["traces"])


@router.get(
    "/traces/{id}",
    operation_id="getTrace",
    summary="Get trace",
    response_model=Trace,
)
async def get_trace(identifier: EntityId, caller: Reader) -> Response:
    """Return one step of a turn. An id that several turns use is that of the latest one; the list
    returns them all.
    """
    trace = trace_lists().latest(caller.organization_id, identifier)
    return reply(Trace.model_validate(trace))


handler = lambda_handler(router)
