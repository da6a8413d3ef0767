"""Messages of agent sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.agents.agents.domain import ClientTool
from shared.core.ids import MessageId, SessionId

#: Characters of a message in a session's preview, at most (the Everruns API).
PREVIEW_LENGTH = 200


class MessageRole(StrEnum):
    """Author of a message. Clients send ``user``; ``system`` is in the API, but never stored."""

    SYSTEM = "system"
    USER = "user"
    AGENT = "agent"
    TOOL_RESULT = "tool_result"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message before it is stored.

    ``content`` holds parts as JSON values (``{"type": "text", "text": …}``); ``controls`` the
    requested model and effort of the turn that answers the message; ``tools`` the client-side
    tools that only this turn has. ``thinking`` is the reasoning that an imported message came
    with.
    """

    role: MessageRole
    content: tuple[dict[str, Any], ...]
    controls: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    tags: tuple[str, ...] = ()
    tools: tuple[ClientTool, ...] = ()
    thinking: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(NewMessage):
    """A message in a session; ``sequence`` is that of the event that stores it."""

    id: MessageId
    session_id: SessionId
    sequence: int
    created_at: datetime


def text_preview(content: Sequence[dict[str, Any]]) -> str | None:
    """Return the beginning of the first part's text; None if that part has no text."""
    text = content[0].get("text") if content else None
    return text[:PREVIEW_LENGTH] if isinstance(text, str) else None
