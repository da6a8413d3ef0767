"""POST /v1/traces: receive the spans of an OpenTelemetry exporter."""

from shared.http.framework import APIRouter, Request, Response

from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.otlp import answer
from shared.http.surfaces import PLAYGROUND
from shared.traces.api import BODY, RESPONSES, ExportTraceServiceResponse
from shared.traces.wiring import trace_queue, traces

router: APIRouter = PLAYGROUND.router(max_body_bytes=6 * 1024 * 1024, tags=["imports"])


@router.post(
    "/v1/traces",
    operation_id="export_traces",
    summary="Capture the spans of an OpenTelemetry exporter",
    response_model=ExportTraceServiceResponse,
    responses=RESPONSES,
    openapi_extra={"requestBody": BODY},
)
async def export_traces(request: Request, caller: Writer) -> Response:
    """Store the spans about conversations (GenAI conventions, OpenInference). Their sessions are
    assembled in the background: one for each conversation that spans name, else for each trace.
    Other spans are accepted and not kept. A repeated request changes nothing.
    """

    def export(body: bytes, is_json: bool) -> tuple[int, str]:  # as called
        return traces().export(caller.organization_id, body, is_json=is_json).counted()

    return await answer(request, export)


handler = lambda_handler(router, traces, trace_queue)
