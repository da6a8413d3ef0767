"""What a client is streamed of a turn: the events it can make use of, then how it ended.

A frame is its name and its data.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from shared.playground import events
from shared.playground.engine_state import AnyEvent
from shared.playground.engine_turn import TurnFailed
from shared.playground.sessions.domain import PlaygroundSession
from shared.playground.sessions.models import PlaygroundSessionResponse

type Frame = tuple[str, dict[str, Any]]

#: By type of event: the name of its frame, and which of its fields are shown.
_SHOWN: dict[str, tuple[str, tuple[str, ...]]] = {
    events.NODE_ENTERED: ("node", ("node_id", "type")),
    events.ASSISTANT_MESSAGE: ("delta", ("text",)),
    events.TOOL_CALLED: ("tool_call", ("tool_call_id", "tool", "arguments")),
    events.TOOL_ANSWERED: ("tool_result", ("tool_call_id", "output", "error")),
    events.CONTEXT_SET: ("context", ("set",)),
    events.SIGNAL: ("signal", ("signal",)),
}


def completed_frames(session: PlaygroundSession, log: Iterable[AnyEvent]) -> Iterator[Frame]:
    """Return the frames of a turn that ended with the session as it is given."""
    log = list(log)
    yield from _frames(log)
    said = [event.data["text"] for event in log if event.type == events.ASSISTANT_MESSAGE]
    content = PlaygroundSessionResponse.of(session).model_dump(mode="json")
    yield "complete", {**content, "reply": "\n".join(said)}


def failed_frames(failure: TurnFailed) -> Iterator[Frame]:
    """Return the frames of a turn that failed: what had happened, the signal and the error."""
    yield from _frames(failure.events)
    yield "signal", {"signal": failure.code}
    content = {
        "error": failure.code,
        "message": failure.message,
        "retryable": failure.retryable,
    }
    yield "error", content


def _frames(log: Iterable[AnyEvent]) -> Iterator[Frame]:
    for event in log:
        name, fields = _SHOWN.get(event.type, ("", ()))
        shown: dict[str, Any] = {key: event.data[key] for key in fields if key in event.data}
        # Values that did not fit any variable are the trace's business.
        if name and shown.get("set") != {}:
            yield name, shown
