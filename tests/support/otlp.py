"""Export requests in protobuf, and those of real programs."""

from pathlib import Path
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

#: Export requests of instrumented programs.
EXPORTED = Path(__file__).resolve().parents[1] / "fixtures" / "traces"


def protobuf(*spans: dict[str, Any]) -> bytes:
    """Return an export request in protobuf."""
    request = ExportTraceServiceRequest()
    resource_spans = request.resource_spans.add()
    scope_spans = resource_spans.scope_spans.add()
    for one in spans:
        found = scope_spans.spans.add(
            trace_id=bytes.fromhex(one["traceId"]),
            span_id=bytes.fromhex(one["spanId"]),
            name=one["name"],
            start_time_unix_nano=int(one["startTimeUnixNano"]),
            end_time_unix_nano=int(one["endTimeUnixNano"]),
        )
        for pair in one["attributes"]:
            _set(found.attributes.add(key=pair["key"]).value, pair["value"])
    return bytes(request.SerializeToString())


def _set(target: Any, value: dict[str, Any]) -> None:
    [(kind, inner)] = value.items()
    if kind == "stringValue":
        target.string_value = inner
    elif kind == "intValue":
        target.int_value = int(inner)
    elif kind == "arrayValue":
        target.array_value.SetInParent()
        for one in inner["values"]:
            _set(target.array_value.values.add(), one)
    else:
        for pair in inner["values"]:
            _set(target.kvlist_value.values.add(key=pair["key"]).value, pair["value"])
