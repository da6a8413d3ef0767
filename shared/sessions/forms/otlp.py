"""Log records, events and spans of OpenTelemetry, as SDKs print them and as OTLP's JSON."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.core.clock import timestamp
from shared.sessions.forms.fields import first_of
from shared.sessions.forms.steps import refuse
from shared.sessions.forms.times import time_of

#: Lists of records within resources and scopes, and of events within spans.
_NESTED = (
    "resourceLogs", "resource_logs", "scopeLogs", "scope_logs", "logRecords", "log_records",
    "resourceSpans", "resource_spans", "scopeSpans", "scope_spans", "spans", "events",
)  # fmt: skip
#: Keys of a record's name.
NAMES = ("event_name", "eventName", "event.name", "name")
_VALUES = ("stringValue", "boolValue", "intValue", "doubleValue", "bytesValue")


@dataclass(frozen=True, slots=True)
class Record:
    """A log record, an event or a span. ``order`` sorts by time, then as in the source."""

    path: str
    name: str
    span: str
    at: datetime | None
    order: tuple[str, int]
    attributes: dict[str, Any]
    body: Any


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
    return Record(
        path=path,
        name=str(name),
        span=_span(value) or span,
        at=time_of(path, value),
        order=("", 0),
        attributes=attributes,
        body=_decoded(value.get("body")),
    )


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
