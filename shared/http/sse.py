"""Server-sent events that end: a function answers whole, and clients come back for more.

The form is the HTML standard's (section 9.2), the framing the Everruns API's: ``connected``
first, ``disconnecting`` last, with how long to wait until the next request.
"""

from collections.abc import Iterable
from typing import Any

from fastapi import Response

from shared.core.errors import TooLarge
from shared.core.json import dumps
from shared.http.replies import MAX_ANSWER_BYTES

#: JSON lets them stand in a text; clients that cut lines as Python does would cut there.
_LINE_ENDS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


def frame(event: str, data: object, identifier: str | None = None) -> str:
    """Return one event. ``data`` is a JSON value, or JSON already written."""
    text = data if isinstance(data, str) else dumps(data)
    for character, escape in _LINE_ENDS.items():
        text = text.replace(character, escape)
    lines = [f"event: {event}"]
    if identifier is not None:
        lines.append(f"id: {identifier}")
    return "\n".join([*lines, f"data: {text}", "", ""])


def event_stream(frames: Iterable[str], *, retry_ms: int) -> Response:
    """Answer with events, and ask to come back after ``retry_ms``."""
    content = "".join(
        [
            frame("connected", {"status": "connected"}),
            *frames,
            frame("disconnecting", {"reason": "connection_cycle", "retry_ms": retry_ms}),
        ]
    )
    if len(dumps(content).encode()) > MAX_ANSWER_BYTES:
        raise TooLarge("The answer would be larger than 6 MB.")
    return Response(content, headers=_HEADERS, media_type="text/event-stream")


def finite_stream(frames: Iterable[tuple[str, Any]], *, replayed: bool = False) -> Response:
    """Answer with frames, each a name and its data, that are all there is to come.

    ``replayed`` is true where an idempotency key has been seen before.
    """
    content = "".join(frame(event, data) for event, data in frames)
    headers = _HEADERS | ({"Idempotent-Replayed": "true"} if replayed else {})
    return Response(content, headers=headers, media_type="text/event-stream")


def streaming(description: str) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of a route that answers with events."""
    content = {"text/event-stream": {"schema": {"type": "string"}}}
    return {200: {"description": description, "content": content}}
