"""Log records, events and spans of OpenTelemetry, as SDKs print them and as OTLP's JSON."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.core.clock import timestamp
from shared.sessions.forms.fields import first_of
from shared.sessions.forms.steps import refuse
from shared.sessions.forms.times import parse_time, time_of

#: Lists of records within resources and scopes, and of events within spans.
_NESTED = (
    "resourceLogs", "resource_logs", "scopeLogs", "scope_logs", "logRecords", "log_records",
    "resourceSpans", "resource_spans", "scopeSpans", "scope_spans", "spans", "events",
)  # fmt: skip
#: Keys of a record's name.
NAMES = ("event_name", "eventName", "event.name", "name")
_PARENT = ("parentSpanId", "parent_span_id", "parent_id")
_ENDS = ("endTimeUnixNano", "end_time_unix_nano", "end_time")
#: Codes of a failed span's status.
_FAILED = (2, "STATUS_CODE_ERROR", "ERROR")
_VALUES = ("stringValue", "boolValue", "intValue", "doubleValue", "bytesValue")


@dataclass(frozen=True, slots=True)
class Record:
    """A log record, an event or a span.

    Attributes
    ----------
    span, parent
        Ids of its span and of that span's parent; "" without one.
    order
        Sorts by time, then as in the source.
    ended, error
        End of a span, and the description of its failure ("" if it has none); None of others.
    """

    path: str
    name: str
    span: str
    at: datetime | None
    order: tuple[str, int]
    attributes: dict[str, Any]
    body: Any
    parent: str = ""
    ended: datetime | None = None
    error: str | None = None


def records_in(path: str, values: list[Any], span: str = "") -> list[Record]:
    """Return the records among values, those within them included."""
    found = list(_records_in(path, values, span))
    # A record without a time follows the one before it.
    times = ""
    ordered = []
    for number, record in enumerate(found):
        times = timestamp(record.at) if record.at else times
        ordered.append(replace(record, order=(times, number)))
    return ordered


def _records_in(path: str, values: list[Any], span: str) -> Iterator[Record]:
    for number, value in enumerate(values):
        own = f"{path}.{number}"
        if not isinstance(value, dict):
            refuse(own, "must be an object")
        if inner := [key for key in _NESTED if isinstance(value.get(key), list)]:
            within = _span(value) or span
            for key in inner:
                yield from _records_in(f"{own}.{key}", value[key], within)
        if not inner or "attributes" in value:
            yield _record(own, value, span)


def _record(path: str, value: dict[str, Any], span: str) -> Record:
    attributes = attributes_of(value)
    name = first_of(value, NAMES) or attributes.get("event.name") or ""
    ended = next((key for key in _ENDS if value.get(key) not in (None, "", 0, "0")), None)
    return Record(
        path=path,
        name=str(name),
        span=_span(value) or span,
        at=time_of(path, value),
        order=("", 0),
        attributes=attributes,
        body=_decoded(value.get("body")),
        parent=str(first_of(value, _PARENT) or ""),
        ended=parse_time(f"{path}.{ended}", value[ended]) if ended else None,
        error=_error(value),
    )


def _error(value: dict[str, Any]) -> str | None:
    """Return the description of a failed span: that of its exception, else of its status."""
    status = value.get("status")
    if not isinstance(status, dict):
        return None
    if first_of(status, ("code", "status_code")) not in _FAILED:
        return None
    events = value["events"] if isinstance(value.get("events"), list) else []
    for event in events:
        if isinstance(event, dict) and event.get("name") == "exception":
            fields = attributes_of(event)
            if message := first_of(fields, ("exception.message", "exception.type")):
                return str(message)
    return str(first_of(status, ("message", "description")) or "")


def _span(value: dict[str, Any]) -> str:
    context = value["context"] if isinstance(value.get("context"), dict) else {}
    return str(first_of({**context, **value}, ("span_id", "spanId")) or "")


def attributes_of(record: dict[str, Any]) -> dict[str, Any]:
    """Return the attributes of a record."""
    return _attributes(record.get("attributes"))


def _attributes(value: Any) -> dict[str, Any]:
    """Return attributes as an object; OTLP has a list of keys and values."""
    if isinstance(value, list):
        pairs = [one for one in value if isinstance(one, dict) and isinstance(one.get("key"), str)]
        return {one["key"]: _decoded(one.get("value")) for one in pairs}
    return value if isinstance(value, dict) else {}


def _decoded(value: Any) -> Any:
    """Return the JSON value of OTLP's ``AnyValue``; any other value unchanged."""
    if not isinstance(value, dict) or len(value) != 1:
        return value
    [(kind, inner)] = value.items()
    if kind in _VALUES:
        return int(inner) if kind == "intValue" and str(inner).lstrip("-").isdigit() else inner
    values = inner.get("values", []) if isinstance(inner, dict) else None
    if kind == "kvlistValue" and isinstance(values, list):
        return _attributes(values)
    if kind == "arrayValue" and isinstance(values, list):
        return [_decoded(one) for one in values]
    return value
