"""Decoding of export requests: OTLP's protobuf and JSON, also compressed with gzip."""

import json
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from shared.core.errors import InvalidInput, TooLarge
from shared.core.json import loads_strict
from shared.sessions.forms.fields import first_of
from shared.sessions.forms.otlp import attributes_of

type Document = dict[str, Any]

#: Bytes of a request after decompression, at most. Decoding 8 MiB of the smallest spans takes
#: 730 MB of memory.
MAX_BYTES = 8 * 1024 * 1024
#: Spans of a request, at most.
MAX_SPANS = 10_000
_PROTOBUF = "application/x-protobuf"
_GZIP = b"\x1f\x8b"
_BOUNDS = f"a request must be at most {MAX_BYTES // 1024**2} MiB after decompression"
_STATUSES = {1: "STATUS_CODE_OK", 2: "STATUS_CODE_ERROR"}


def decompressed(body: bytes) -> bytes:
    """Return a body without gzip, which is recognized by its first bytes.

    The gateway may have decompressed a body without removing its header. Raises
    ``InvalidInput`` for a broken one, and ``TooLarge`` without decompressing the rest.
    """
    if not body.startswith(_GZIP):
        if len(body) > MAX_BYTES:
            raise TooLarge(f"body: {_BOUNDS}; export smaller batches.")
        return body
    found, rest = [], body
    room = MAX_BYTES + 1
    while rest:  # gzip allows several members
        member = zlib.decompressobj(wbits=31)
        try:
            found.append(member.decompress(rest, room))
        except zlib.error as error:
            raise InvalidInput("body: must be valid gzip.") from error
        room -= len(found[-1])
        if room <= 0:
            raise TooLarge(f"body: {_BOUNDS}; export smaller batches.")
        if not member.eof:
            raise InvalidInput("body: must be complete gzip.")
        rest = member.unused_data
    return b"".join(found)


def spans_in_json(body: bytes) -> Iterator[Document]:
    """Yield the spans of a request in JSON, each with the resource's ``service.name``.

    Raises ``InvalidInput`` for what is no export request, and ``TooLarge``.
    """
    try:
        request = loads_strict(body)
    except json.JSONDecodeError as error:
        raise InvalidInput(
            f"body: must be JSON ({error.msg}), or protobuf with Content-Type: {_PROTOBUF}."
        ) from error
    if not isinstance(request, dict):
        raise InvalidInput("body: must be an object with resourceSpans.")
    count = 0
    for resource_spans in _list(request, "resourceSpans", "resource_spans"):
        resource = resource_spans.get("resource")
        service = attributes_of(resource) if isinstance(resource, dict) else {}
        for scope_spans in _list(resource_spans, "scopeSpans", "scope_spans"):
            for span in _list(scope_spans, "spans", "spans"):
                count = _counted(count)
                yield _with_plain_attributes(span, service.get("service.name"))


def _counted(count: int) -> int:
    if count >= MAX_SPANS:
        raise TooLarge(f"spans: must be at most {MAX_SPANS} in a request; export smaller batches.")
    return count + 1


def _list(fields: Document, name: str, other_name: str) -> list[Document]:
    found = first_of(fields, (name, other_name))
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise InvalidInput(f"{name}: must be a list of objects.")
    if len(found) > MAX_SPANS:
        kind = TooLarge if name == "spans" else InvalidInput
        raise kind(f"{name}: must be at most {MAX_SPANS}; export smaller batches.")
    return found


def _with_plain_attributes(span: Document, service: Any) -> Document:
    """Return a span of OTLP's JSON with its attributes, and those of its events, as objects."""
    events = span.get("events")
    events = events if isinstance(events, list) else []
    status = span.get("status")
    return {
        "traceId": first_of(span, ("traceId", "trace_id")),
        "spanId": first_of(span, ("spanId", "span_id")),
        "parentSpanId": first_of(span, ("parentSpanId", "parent_span_id")),
        "name": span.get("name"),
        "startTimeUnixNano": first_of(span, ("startTimeUnixNano", "start_time_unix_nano")),
        "endTimeUnixNano": first_of(span, ("endTimeUnixNano", "end_time_unix_nano")),
        "attributes": attributes_of(span),
        "events": [
            {
                "name": event.get("name"),
                "timeUnixNano": first_of(event, ("timeUnixNano", "time_unix_nano")),
                "attributes": attributes_of(event),
            }
            for event in events
            if isinstance(event, dict)
        ],
        "status": status if isinstance(status, dict) else {},
        "service": service,
    }


def spans_in_protobuf(body: bytes) -> Iterator[Document]:
    """Yield the spans of a request in protobuf, as :func:`spans_in_json`."""
    # Imported where used: JSON does without it.
    from google.protobuf.message import DecodeError  # noqa: PLC0415
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (  # noqa: PLC0415
        ExportTraceServiceRequest,
    )

    request = ExportTraceServiceRequest()
    try:
        request.ParseFromString(body)
    except DecodeError as error:
        raise InvalidInput("body: must be a complete ExportTraceServiceRequest.") from error
    count = sum(len(s.spans) for r in request.resource_spans for s in r.scope_spans)
    _counted(count - 1)
    for resource_spans in request.resource_spans:
        service = _plain(resource_spans.resource.attributes, ("service.name",).__contains__)
        for scope_spans in resource_spans.scope_spans:
            for span in scope_spans.spans:
                yield _document(span, service.get("service.name"))


def _document(span: Any, service: Any) -> Document:
    return {
        "traceId": span.trace_id.hex(),
        "spanId": span.span_id.hex(),
        "parentSpanId": span.parent_span_id.hex(),
        "name": span.name,
        "startTimeUnixNano": span.start_time_unix_nano,
        "endTimeUnixNano": span.end_time_unix_nano,
        "attributes": _plain(span.attributes),
        "events": [
            {
                "name": event.name,
                "timeUnixNano": event.time_unix_nano,
                "attributes": _plain(event.attributes),
            }
            for event in span.events
        ],
        "status": {"code": _STATUSES.get(span.status.code), "message": span.status.message},
        "service": service,
    }


def _plain(attributes: Any, selects: Callable[[str], bool] = lambda _: True) -> Document:
    return {one.key: _value(one.value) for one in attributes if selects(one.key)}


def _value(value: Any) -> Any:
    """Return the JSON value of an ``AnyValue``; of bytes their hexadecimal digits."""
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_value(one) for one in value.array_value.values]
    if kind == "kvlist_value":
        return {one.key: _value(one.value) for one in value.kvlist_value.values}
    if kind is None:
        return None
    found = getattr(value, kind)
    return found.hex() if isinstance(found, bytes) else found
