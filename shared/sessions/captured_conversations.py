"""A conversation that was captured elsewhere, read from its usual form.

That form is one JSON object with an ``id`` of its source's own, ``messages`` as the OpenAI
chat API has them (tool calls and tool results included) and, where known, the name of the
``agent`` and ``tags``. Other keys are let pass: captures bring along what their source knew.
"""

from dataclasses import dataclass
from typing import Any

from shared.core.errors import InvalidInput
from shared.core.ids import OrganizationId
from shared.core.json import fingerprint
from shared.sessions.conversation_payloads import record_message, text_of
from shared.sessions.models import SessionKind
from shared.sessions.transcript import Entry
from shared.sessions.transcript_recorder import TranscriptRecorder
from shared.storage.idempotency import Idempotency

MAX_ID_LENGTH = 255
MAX_AGENT_LENGTH = 255
#: As of the sessions that are opened by the API.
MAX_TAGS = 50
MAX_TAG_LENGTH = 128

_INSTRUCTIONS = frozenset({"system", "developer"})
_ROLES = _INSTRUCTIONS | {"user", "assistant", "tool", "function"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedConversation:
    """A conversation as it went.

    Attributes
    ----------
    id
        Of its source's own, of 255 characters at most: names it within an import.
    entries
        What was said and done, in order, as a transcript has it.
    instructions
        What the agent had been told to be, if the capture has it.
    agent
        The agent's name, if the capture has it.
    fingerprint
        Equal for equal conversations: a line may be sent any number of times.
    """

    id: str
    entries: tuple[Entry, ...]
    fingerprint: str
    instructions: str = ""
    agent: str | None = None
    tags: tuple[str, ...] = ()

    def request(self, organization_id: OrganizationId, kind: SessionKind) -> Idempotency:
        """Return what makes one session of it, however often it is sent."""
        return Idempotency(
            organization_id=organization_id,
            operation=f"import {kind}",
            key=self.id,
            fingerprint=self.fingerprint,
        )


def read_conversation(value: Any) -> CapturedConversation:
    """Read a conversation from its JSON. Raises ``InvalidInput`` that says what is wrong."""
    if not isinstance(value, dict):
        raise InvalidInput("expected an object with id and messages")
    identifier = _text(value, "id", MAX_ID_LENGTH)
    if identifier is None:
        raise InvalidInput("id: missing")
    tags = _tags(value.get("tags"))
    messages = _messages(value.get("messages"))
    recorder = TranscriptRecorder()
    for message in messages:
        record_message(recorder, message)
    if not recorder.entries:
        raise InvalidInput("messages: nothing was said in them")
    told = (text_of(m.get("content")) for m in messages if m["role"] in _INSTRUCTIONS)
    agent = _text(value, "agent", MAX_AGENT_LENGTH)
    return CapturedConversation(
        id=identifier,
        entries=tuple(recorder.entries),
        fingerprint=fingerprint([messages, agent, list(tags)]),
        instructions="\n\n".join(filter(None, told)),
        agent=agent,
        tags=tags,
    )


def _text(value: dict[str, Any], name: str, longest: int) -> str | None:
    text = value.get(name)
    if text is None:
        return None
    if not isinstance(text, str) or not text.strip():
        raise InvalidInput(f"{name}: expected a text")
    if len(text) > longest:
        raise InvalidInput(f"{name}: longer than {longest} characters")
    return text


def _tags(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
        raise InvalidInput("tags: expected a list of texts")
    if len(value) > MAX_TAGS or any(len(tag) > MAX_TAG_LENGTH for tag in value):
        raise InvalidInput(f"tags: more than {MAX_TAGS}, or longer than {MAX_TAG_LENGTH}")
    return tuple(value)


def _messages(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not value:
        raise InvalidInput("messages: expected a list of messages")
    for number, message in enumerate(value):
        where = f"messages.{number}"
        if not isinstance(message, dict):
            raise InvalidInput(f"{where}: expected an object")
        if str(message.get("role")) not in _ROLES:
            raise InvalidInput(f"{where}.role: expected one of {', '.join(sorted(_ROLES))}")
        if not isinstance(message.get("content"), str | list | None):
            raise InvalidInput(f"{where}.content: expected a text, a list of parts, or null")
        _check_calls(f"{where}.tool_calls", message.get("tool_calls"))
    return value


def _check_calls(where: str, calls: Any) -> None:
    """Refuse what a transcript would pass over: a call that is lost is lost for good."""
    if calls is None:
        return
    if not isinstance(calls, list):
        raise InvalidInput(f"{where}: expected a list")
    for number, call in enumerate(calls):
        function = call.get("function") if isinstance(call, dict) else None
        name = function.get("name") if isinstance(function, dict) else None
        if not isinstance(name, str) or not name:
            raise InvalidInput(f"{where}.{number}: expected a function with a name")
