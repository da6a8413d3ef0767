"""API models of traces: the answer to an export request, and its errors."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.traces.decoding import MAX_BYTES, MAX_SPANS


class PartialSuccess(BaseModel):
    """Spans that were rejected; all others are stored."""

    model_config = ConfigDict(populate_by_name=True)

    rejected_spans: str = Field(alias="rejectedSpans")
    """Number of rejected spans, as text."""
    error_message: str = Field(alias="errorMessage")
    """Reasons of the first rejected spans, with their ids."""


class ExportTraceServiceResponse(BaseModel):
    """Result of an export request; empty if all spans were accepted."""

    model_config = ConfigDict(populate_by_name=True)

    partial_success: PartialSuccess | None = Field(default=None, alias="partialSuccess")
    """Rejected spans; absent if there are none."""


class Status(BaseModel):
    """Error of an export request: google.rpc.Status, and the code of this API's errors."""

    error: str
    """Code of the error, for programs."""
    code: int
    """Code of gRPC: 3 for an invalid request, 8 for too large a one, 14 to be repeated."""
    message: str
    """Field, rule and the fix."""


_BINARY = {"type": "string", "format": "binary"}
#: Request body of OpenAPI. Protobuf is in the description alone: it is for exporters, and
#: generated clients, which are for JSON, fail on a choice of media types.
BODY: dict[str, Any] = {
    "required": True,
    "description": (
        "ExportTraceServiceRequest of OTLP, in JSON or protobuf (`application/x-protobuf`), also "
        "compressed with gzip (`Content-Encoding: gzip`): "
        f"at most {MAX_BYTES // 1024**2} MiB decompressed and {MAX_SPANS:,} spans."
    ),
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "resourceSpans": {
                        "type": "array",
                        "maxItems": MAX_SPANS,
                        "items": {"type": "object"},
                        "description": "Spans by resource and scope.",
                    }
                },
            }
        },
    },
}
_ANSWERS = {"application/x-protobuf": {"schema": _BINARY, "example": ""}}
#: Answers of OpenAPI, in the content type of the request.
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": _ANSWERS},
}
RESPONSES |= {
    status: {"description": description, "model": Status, "content": _ANSWERS}
    for status, description in (
        (400, "The request cannot be decoded"),
        (413, "The request has too many bytes or spans"),
        (429, "Too many requests; repeat it after `Retry-After`"),
        (503, "The spans could not be stored; repeat the request after `Retry-After`"),
    )
}
