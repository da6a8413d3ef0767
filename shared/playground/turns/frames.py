"""Frames of a turn: the events that a client is shown, then the end of the turn.

A frame is a name and its data.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from shared.playground.engine import events
from shared.playground.engine.state import AnyEvent
from shared.playground.engine.turn import TurnFailed
from shared.playground.sessions.api import PlaygroundSessionResponse
from shared.playground.sessions.domain import PlaygroundSession

type Frame = tuple[str, dict[str, Any]]

#: Name of the frame and the fields shown, by event type.
_FRAMES: dict[str, tuple[str, tuple[str, ...]]] = {
    events.NODE_ENTERED: ("node", ("node_id", "type")),
    events.ASSISTANT_MESSAGE: ("delta", ("text",)),
    events.TOOL_CALLED: ("tool_call", ("tool_call_id", "tool", "arguments")),
    events.TOOL_ANSWERED: ("tool_result", ("tool_call_id", "output", "error")),
    events.CONTEXT_SET: ("context", ("set",)),
    events.SIGNAL: ("signal", ("signal",)),
}


def completed_frames(session: PlaygroundSession, log: Iterable[AnyEvent]) -> Iterator[Frame]:
    """Return the frames of a turn that ended with this session."""
    log = list(log)
    yield from _frames(log)
    yield complete_frame(session, log)


def complete_frame(session: PlaygroundSession, log: Iterable[AnyEvent]) -> Frame:
    """Return the last frame of a turn: the session at its end, and all that was said in it."""
    said = [event.data["text"] for event in log if event.type == events.ASSISTANT_MESSAGE]
    content = PlaygroundSessionResponse.of(session).model_dump(mode="json")
    return "complete", {**content, "reply": "\n".join(said)}


def failed_frames(failure: TurnFailed) -> Iterator[Frame]:
    """Return the frames of a failed turn: its events so far, the signal and the error."""
    yield from _frames(failure.events)
    yield "signal", {"signal": failure.code}
    content = {"error": failure.code, "message": failure.message, "retryable": failure.retryable}
    yield "error", content


def event_frame(event: AnyEvent) -> Frame | None:
    """Return the frame of an event; None of one that is shown in the trace only."""
    name, fields = _FRAMES.get(event.type, ("", ()))
    shown: dict[str, Any] = {key: event.data[key] for key in fields if key in event.data}
    # Values that fit no variable are shown in the trace only.
    return (name, shown) if name and shown.get("set") != {} else None


def live_frame(text: str, offset: int) -> Frame:
    """Return the frame of a text that a model is writing, from an offset on.

    Provisional: the frames of the stored turn replace it.
    """
    return "delta", {"text": text[offset:], "offset": offset, "live": True}


def _frames(log: Iterable[AnyEvent]) -> Iterator[Frame]:
    return filter(None, map(event_frame, log))
