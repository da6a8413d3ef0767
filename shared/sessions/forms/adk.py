"""Events of Google's Agent Development Kit, as its sessions hold them."""

from collections.abc import Sequence
from typing import Any

from shared.core.json import as_text
from shared.sessions.forms.fields import first_of
from shared.sessions.forms.parts import read_content
from shared.sessions.forms.steps import Steps, refuse


def matches(event: dict[str, Any]) -> bool:
    """Return whether a message is an event of an author."""
    return isinstance(event.get("author"), str) and "role" not in event


def read(steps: Steps, path: str, event: dict[str, Any]) -> None:
    """Add an event's parts; ``user`` is the author of the user's messages."""
    by_user = event["author"].lower() == "user"
    content = event.get("content")
    if not isinstance(content, dict | str | None):
        refuse(f"{path}.content", "must be an object with parts, or null")
    parts = content.get("parts") if isinstance(content, dict) else content
    read_content(steps, f"{path}.content.parts", parts, by_user=by_user)
    if not parts:
        _read_without_parts(steps, event)


def superseded(events: Sequence[Any]) -> set[int]:
    """Return the positions of partial events, each a piece of a later complete one."""
    found: set[int] = set()
    complete: set[object] = set()
    for position in reversed(range(len(events))):
        event = events[position]
        if isinstance(event, dict) and matches(event):
            if event.get("partial") is not True:
                complete.add(event["author"])
            elif event["author"] in complete:
                found.add(position)
    return found


def _read_without_parts(steps: Steps, event: dict[str, Any]) -> None:
    """Add what was heard or spoken in a live session, or the error of an event."""
    for direction, by_user in (("input", True), ("output", False)):
        heard = first_of(event, (f"{direction}_transcription", f"{direction}Transcription"))
        if isinstance(heard, dict) and isinstance(heard.get("text"), str):
            steps.say(heard["text"], by_user=by_user)
    code = first_of(event, ("error_code", "errorCode"))
    message = first_of(event, ("error_message", "errorMessage"))
    if code or message:
        texts = (as_text(text) for text in (code, message) if text)
        steps.say(" ".join(["[error]", *texts]), by_user=False)
