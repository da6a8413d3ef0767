"""Server-sent events of finite length: a function answers whole, and clients reconnect.

The format is the HTML standard's (section 9.2), the framing the Everruns API's:
``connected`` first, then the events. Only a stream without events ends in ``disconnecting``,
with the delay until the next request: Everruns' TypeScript client drops all events of the
chunk that holds it. Its clients reconnect after the end of a stream too, one second later.
"""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import Header, Response

from shared.core.errors import TooLarge
from shared.core.ids import EventId
from shared.core.json import dumps
from shared.http.responses import MAX_RESPONSE_BYTES

#: JSON allows them within strings; clients that split lines as Python does would split there.
_LINE_ENDS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}
#: Id of the last event that a reader has seen.
LastSeen = Annotated[
    EventId | None,
    Header(alias="Last-Event-ID", description="As `since_id`; browsers reconnect with it."),
]
_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


def frame(event: str, data: object, identifier: str | None = None) -> str:
    """Return one event. ``data`` is a JSON value, or its JSON text."""
    text = data if isinstance(data, str) else dumps(data)
    for character, escape in _LINE_ENDS.items():
        text = text.replace(character, escape)
    lines = [f"event: {event}"]
    if identifier is not None:
        lines.append(f"id: {identifier}")
    return "\n".join([*lines, f"data: {text}", "", ""])


def event_stream(frames: Iterable[str], *, retry_ms: int) -> Response:
    """Return a stream of frames; without any, it asks to reconnect after ``retry_ms``.

    Raises ``TooLarge`` above the size of a function's response.
    """
    events = "".join(frames)
    disconnecting = {"reason": "connection_cycle", "retry_ms": retry_ms}
    content = frame("connected", {"status": "connected"}) + (
        events or frame("disconnecting", disconnecting)
    )
    if len(dumps(content).encode()) > MAX_RESPONSE_BYTES:
        raise TooLarge("The response would exceed 6 MB.")
    return Response(content, headers=_HEADERS, media_type="text/event-stream")


def finite_stream(frames: Iterable[tuple[str, Any]], *, replayed: bool = False) -> Response:
    """Return a complete stream of frames, each an event name and its data.

    ``replayed`` is true if the request repeats an earlier one's idempotency key.
    """
    content = "".join(frame(event, data) for event, data in frames)
    headers = _HEADERS | ({"Idempotent-Replayed": "true"} if replayed else {})
    return Response(content, headers=headers, media_type="text/event-stream")


def streaming(description: str) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI documentation of a route that answers with events."""
    content = {"text/event-stream": {"schema": {"type": "string"}}}
    return {200: {"description": description, "content": content}}
