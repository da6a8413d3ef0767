"""POST /traces/batch: record steps of turns, all or none."""

from typing import Annotated

from shared.http.framework import APIRouter, Body, Response

from shared.core.clock import system_clock
from shared.evaluations.traces.api import MAX_BATCH_BODY, Trace, TraceBatchInput, traces_of
from shared.evaluations.traces.wiring import traces
from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["traces"], max_body_bytes=MAX_BATCH_BODY)


@router.post(
    "/traces/batch",
    operation_id="createTracesBatch",
    summary="Create traces",
    status_code=201,
    response_model=list[Trace],
    responses={409: {"description": "Another trace of the turn has this id"}},
)
async def create_traces_batch(body: Annotated[TraceBatchInput, Body()], caller: Writer) -> Response:
    """Record up to 100 steps, of 4 MB at most (else 413), all or none: as a list, or under
    `traces`. Those that are stored under their ids already are returned as they are.
    """
    created = traces().create(caller.organization_id, traces_of(body, system_clock()))
    content = [Trace.model_validate(trace) for trace in created.traces]
    return reply(content, status=201, replayed=created.replayed)


handler = lambda_handler(router)
