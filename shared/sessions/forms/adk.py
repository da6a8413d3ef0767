"""Events of Google's Agent Development Kit, as its sessions hold them."""

from collections.abc import Sequence
from typing import Any

from shared.core.json import as_text
from shared.sessions.content_parts import as_parts
from shared.sessions.forms.fields import first_of
from shared.sessions.forms.parts import read_content
from shared.sessions.forms.steps import Steps, refuse


def matches(event: dict[str, Any]) -> bool:
    """Return whether a message is an event of an author."""
    return isinstance(event.get("author"), str) and "role" not in event


def read(steps: Steps, path: str, event: dict[str, Any]) -> None:
    """Add an event's parts; ``user`` is the author of the user's messages."""
    by_user = _is_user(event["author"])
    content = event.get("content")
    if not isinstance(content, dict | str | None):
        refuse(f"{path}.content", "must be an object with parts, or null")
    parts = content.get("parts") if isinstance(content, dict) else content
    read_content(steps, f"{path}.content.parts", parts, by_user=by_user)
    if not parts:
        _read_without_parts(steps, event)


class _Whole:
    """Texts of a complete event, of which partial ones before it are pieces."""

    def __init__(self, event: dict[str, Any]) -> None:
        self._text = _said(event)
        self._end = len(self._text)

    def repeats(self, event: dict[str, Any]) -> bool:
        """Return whether a piece precedes those seen so far, or is the text until then."""
        piece = _said(event)
        start = self._text.rfind(piece, 0, self._end)
        if start < 0:
            return self._text.startswith(piece)
        self._end = start if piece else self._end
        return True


def superseded(events: Sequence[Any]) -> set[int]:
    """Return the positions of partial events that a later complete one of their turn repeats.

    A turn ends at a complete event of the other side, or of another invocation.
    """
    found: set[int] = set()
    complete: dict[bool, dict[str, _Whole]] = {True: {}, False: {}}
    invocation: object = None
    for position in reversed(range(len(events))):
        event = events[position]
        if not isinstance(event, dict) or not matches(event):
            continue
        author, own = event["author"], first_of(event, ("invocation_id", "invocationId"))
        if own != invocation:
            complete, invocation = {True: {}, False: {}}, own
        by_user = _is_user(author)
        whole = complete[by_user].get(author)
        if event.get("partial") is not True:
            complete[by_user][author] = _Whole(event)
            complete[not by_user].clear()
        elif whole is not None and whole.repeats(event):
            found.add(position)
        else:
            complete[by_user].pop(author, None)
    return found


def _is_user(author: str) -> bool:
    return author.lower() == "user"


def _said(event: dict[str, Any]) -> str:
    """Return the texts of an event, as they are joined in the complete one."""
    content = event.get("content")
    parts = content.get("parts") if isinstance(content, dict) else content
    texts = [part.get("text") if isinstance(part, dict) else part for part in as_parts(parts)]
    heard = [heard.get("text") for heard in _heard(event)]
    return "".join(text for text in (*texts, *heard) if isinstance(text, str))


def _heard(event: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what was heard and what was spoken in a live session."""
    keys = ((f"{side}_transcription", f"{side}Transcription") for side in ("input", "output"))
    found = (first_of(event, pair) for pair in keys)
    return [one if isinstance(one, dict) else {} for one in found]


def _read_without_parts(steps: Steps, event: dict[str, Any]) -> None:
    """Add what was heard or spoken in a live session, or the error of an event."""
    for heard, by_user in zip(_heard(event), (True, False), strict=True):
        if isinstance(heard.get("text"), str):
            steps.say(heard["text"], by_user=by_user)
    code = first_of(event, ("error_code", "errorCode"))
    message = first_of(event, ("error_message", "errorMessage"))
    if code or message:
        texts = (as_text(text) for text in (code, message) if text)
        steps.say(" ".join(["[error]", *texts]), by_user=False)
