"""Captured conversation: an import line as JSON, validated.

A line is one JSON object with the source's ``id``, ``messages`` in the OpenAI chat form
(tool calls and results included), and optionally the ``agent``'s name and ``tags``. Other
keys are ignored: captures contain fields of their source.
"""

from dataclasses import dataclass
from typing import Any

from shared.core.errors import InvalidInput
from shared.core.ids import OrganizationId
from shared.core.json import fingerprint
from shared.sessions.conversation_payloads import record_message, text_of
from shared.sessions.domain import SessionKind
from shared.sessions.transcript import Entry
from shared.sessions.transcript_recorder import TranscriptRecorder
from shared.storage.idempotency import Idempotency

MAX_ID_LENGTH = 255
MAX_AGENT_LENGTH = 255
#: Limits of sessions created by the API.
MAX_TAGS = 50
MAX_TAG_LENGTH = 128

_INSTRUCTIONS = frozenset({"system", "developer"})
_ROLES = _INSTRUCTIONS | {"user", "assistant", "tool", "function"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedConversation:
    """Conversation captured by another system.

    Attributes
    ----------
    id
        Identifier of its source (at most 255 characters), unique within an import.
    entries
        Transcript entries in order.
    fingerprint
        Equal for equal conversations: a line may be sent any number of times.
    instructions, agent
        System prompt and name of the agent, if captured.
    """

    id: str
    entries: tuple[Entry, ...]
    fingerprint: str
    instructions: str = ""
    agent: str | None = None
    tags: tuple[str, ...] = ()

    def request(self, organization_id: OrganizationId, kind: SessionKind) -> Idempotency:
        """Return the idempotency of its import: repeated lines create one session."""
        return Idempotency(
            organization_id=organization_id,
            operation=f"import {kind}",
            key=self.id,
            fingerprint=self.fingerprint,
        )


def read_conversation(value: Any) -> CapturedConversation:
    """Parse and validate a conversation. Raises ``InvalidInput`` that names the field."""
    if not isinstance(value, dict):
        raise InvalidInput("expected an object with id and messages")
    identifier = _text(value, "id", MAX_ID_LENGTH)
    if identifier is None:
        raise InvalidInput("id: is required")
    tags = _tags(value.get("tags"))
    messages = _messages(value.get("messages"))
    recorder = TranscriptRecorder()
    for message in messages:
        record_message(recorder, message)
    if not recorder.entries:
        raise InvalidInput("messages: must contain a message of the user or the assistant")
    prompts = (text_of(m.get("content")) for m in messages if m["role"] in _INSTRUCTIONS)
    agent = _text(value, "agent", MAX_AGENT_LENGTH)
    return CapturedConversation(
        id=identifier,
        entries=tuple(recorder.entries),
        fingerprint=fingerprint([messages, agent, list(tags)]),
        instructions="\n\n".join(filter(None, prompts)),
        agent=agent,
        tags=tags,
    )


def _text(value: dict[str, Any], name: str, limit: int) -> str | None:
    text = value.get(name)
    if text is None:
        return None
    if not isinstance(text, str) or not text.strip():
        raise InvalidInput(f"{name}: must be a non-blank string")
    if len(text) > limit:
        raise InvalidInput(f"{name}: must have at most {limit} characters")
    return text


def _tags(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
        raise InvalidInput("tags: must be a list of strings")
    if len(value) > MAX_TAGS or any(len(tag) > MAX_TAG_LENGTH for tag in value):
        raise InvalidInput(f"tags: must be at most {MAX_TAGS}, of {MAX_TAG_LENGTH} characters each")
    return tuple(value)


def _messages(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not value:
        raise InvalidInput("messages: must be a non-empty list")
    for number, message in enumerate(value):
        path = f"messages.{number}"
        if not isinstance(message, dict):
            raise InvalidInput(f"{path}: must be an object")
        if str(message.get("role")) not in _ROLES:
            raise InvalidInput(f"{path}.role: must be one of {', '.join(sorted(_ROLES))}")
        if not isinstance(message.get("content"), str | list | None):
            raise InvalidInput(f"{path}.content: must be a string, a list of parts, or null")
        _check_calls(f"{path}.tool_calls", message.get("tool_calls"))
    return value


def _check_calls(path: str, calls: Any) -> None:
    """Reject calls that a transcript would skip: they could not be recovered later."""
    if calls is None:
        return
    if not isinstance(calls, list):
        raise InvalidInput(f"{path}: must be a list")
    for number, call in enumerate(calls):
        function = call.get("function") if isinstance(call, dict) else None
        name = function.get("name") if isinstance(function, dict) else None
        if not isinstance(name, str) or not name:
            raise InvalidInput(f"{path}.{number}: must have a function with a name")
