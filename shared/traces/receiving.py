"""Reading of export requests: spans to keep, and those that are rejected."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from shared.core.errors import DomainError, InvalidInput
from shared.core.json import is_too_deep, valid_value
from shared.sessions.forms.fields import first_of
from shared.traces.decoding import decompressed, spans_in_json, spans_in_protobuf
from shared.traces.domain import (
    Document,
    Span,
    check_content,
    check_id,
    is_about_conversation,
    kept,
)

#: Reasons of rejected spans in an answer, at most.
_MAX_REASONS = 5
#: Nanoseconds since 1970, at most: a field of 64 bits.
_MAX_TIME = 2**64 - 1


@dataclass(slots=True)
class Received:
    """Spans of a request that are about conversations, and the reasons of rejected ones."""

    spans: list[Span] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)

    def counted(self) -> tuple[int, str]:
        """Return the number of rejected spans, and the first reasons as one text."""
        shown = self.rejected[:_MAX_REASONS]
        rest = len(self.rejected) - len(shown)
        text = " ".join([*shown, f"({rest} more)"] if rest else shown)
        return len(self.rejected), text


def read_request(body: bytes, *, is_json: bool) -> Received:
    """Return the spans of an export request.

    A span of anything else than a conversation is accepted and left out. Raises
    ``InvalidInput`` and ``TooLarge`` for the request as a whole.
    """
    plain = decompressed(body)
    return _read(spans_in_json(plain) if is_json else spans_in_protobuf(plain))


def _read(documents: Iterable[Document]) -> Received:
    received = Received()
    for number, document in enumerate(documents):
        try:
            span = _span(document)
        except DomainError as error:
            name = document["spanId"]
            label = name if isinstance(name, str) and len(name) == 16 else f"number {number}"
            received.rejected.append(f"span {label}: {error.message}")
        else:
            if span is not None:
                received.spans.append(span)
    return received


def _span(document: Document) -> Span | None:
    """Return what is kept of a span; None if it is not about a conversation."""
    found: Document = {"attributes": kept(document["attributes"])}
    if events := [_event(one) for one in document["events"] if _is_read(one)]:
        found["events"] = events
    if not is_about_conversation(found):
        return None
    if is_too_deep(found):
        raise InvalidInput("attributes: are nested too deeply.")
    trace = check_id("trace_id", document["traceId"], 32)
    identifier = check_id("span_id", document["spanId"], 16)
    parent = document["parentSpanId"]
    if isinstance(parent, str) and parent.strip("0"):
        found["parentSpanId"] = parent.lower()[:16]
    found["name"] = str(document["name"] or "")[:255]
    found["startTimeUnixNano"] = _time("start_time_unix_nano", document["startTimeUnixNano"])
    found["endTimeUnixNano"] = _time("end_time_unix_nano", document["endTimeUnixNano"])
    status = document["status"]
    if first_of(status, ("code",)) in (2, "STATUS_CODE_ERROR"):
        found["status"] = {"code": 2, "message": str(status.get("message") or "")}
    service = document["service"]
    if isinstance(service, str) and service.strip() and not service.startswith("unknown_service"):
        found["service"] = service[:255]
    span = Span(trace, identifier, valid_value(found | {"spanId": identifier}))
    check_content(span)
    return span


def _is_read(event: Document) -> bool:
    name = event.get("name")
    return isinstance(name, str) and name.startswith(("gen_ai.", "exception"))


def _event(event: Document) -> Document:
    attributes = event["attributes"]
    if str(event["name"]) == "exception":
        attributes = kept(attributes)
    time = _time("time_unix_nano", event["timeUnixNano"])
    return {"name": event["name"], "timeUnixNano": time, "attributes": attributes}


def _time(name: str, value: Any) -> str:
    """Return nanoseconds since 1970 as text, as in OTLP's JSON; "0" without a time."""
    if value in (None, ""):
        return "0"
    if type(value) is int or (isinstance(value, str) and value.isascii() and value.isdigit()):
        try:
            number = int(value)
        except ValueError:  # more than 4,300 digits
            number = -1
        if 0 <= number <= _MAX_TIME:
            return str(number)
    raise InvalidInput(f"{name}: must be nanoseconds since 1970.")
