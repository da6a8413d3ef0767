"""Formats of an export: each writes a session piece by piece, in any size."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.core.clock import timestamp
from shared.core.ids import SessionId
from shared.core.json import as_text, dumps
from shared.sessions.captured_conversations import MAX_AGENT_LENGTH
from shared.sessions.domain import Event, SessionKind
from shared.sessions.exports.messages import CallIds, Message, Role, messages_of
from shared.sessions.forms.event_log import SESSION_LINE, EventLog
from shared.sessions.forms.steps import Called, Steps


class ExportFormat(StrEnum):
    """Form of an exported session."""

    OPENAI = "openai"
    OTEL = "otel"
    JSONL = "jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedSession:
    """Fields of a session beside its log.

    Attributes
    ----------
    source_id
        Id of the conversation in an import: the session's own, or that which its client gave it.
    title
        Title of an agent session; None without one.
    instructions
        Instructions that are not in the log.
    state
        Other fields of its kind, for the ``jsonl`` format.
    """

    id: SessionId
    kind: SessionKind
    created_at: datetime
    updated_at: datetime
    last_sequence: int
    source_id: str
    agent: str | None = None
    tags: tuple[str, ...] = ()
    title: str | None = None
    instructions: str = ""
    state: dict[str, Any] = field(default_factory=dict)

    def line(self) -> dict[str, Any]:
        """Return the fields of an import line beside the conversation."""
        fields = {
            "id": self.source_id,
            "agent": self.agent and self.agent[:MAX_AGENT_LENGTH],
            "tags": list(self.tags),
            "title": self.title,
            "created_at": timestamp(self.created_at),
        }
        return {name: value for name, value in fields.items() if value not in (None, [])}


class Format(ABC):
    """Writer of one session: its beginning, its events in order and in parts, and its end."""

    media_type = "application/json"
    extension = "json"

    def __init__(self, session: ExportedSession) -> None:
        self.session = session

    @abstractmethod
    def begin(self) -> str:
        """Return the text ahead of the events."""

    @abstractmethod
    def events(self, events: Iterable[Event]) -> str:
        """Return the text of the next events."""

    @abstractmethod
    def end(self) -> str:
        """Return the text behind the events."""


class JsonLines(Format):
    """The session in the first line, each event in one of its own: nothing is left out."""

    media_type = "application/x-ndjson"
    extension = "jsonl"

    def begin(self) -> str:
        session = self.session
        first = {
            "type": SESSION_LINE,
            **session.line(),
            "session_id": str(session.id),
            "kind": session.kind.value,
            "updated_at": timestamp(session.updated_at),
            "last_sequence": session.last_sequence,
            **({"instructions": session.instructions} if session.instructions else {}),
            "state": session.state,
        }
        return dumps(first) + "\n"

    def events(self, events: Iterable[Event]) -> str:
        return "".join(dumps(event_line(event)) + "\n" for event in events)

    def end(self) -> str:
        return ""


class MessagesFormat(Format):
    """Base of the formats that have messages, not events."""

    def __init__(self, session: ExportedSession) -> None:
        super().__init__(session)
        self._log = EventLog(session.created_at)
        self._ids = CallIds()

    def messages(self, events: Iterable[Event]) -> list[Message]:
        """Return the messages of the next events."""
        found: list[Message] = []
        for event in events:
            steps = Steps()
            self._log.read(steps, f"events.{event.sequence}", event_line(event))
            found += messages_of(steps, self._ids)
        return found

    def instructions(self) -> list[Message]:
        """Return the message of the instructions that are not in the log."""
        text = self.session.instructions
        return [Message(role=Role.SYSTEM, at=None, text=text)] if text else []


class OpenAIChat(MessagesFormat):
    """One object: an import line with messages of OpenAI's chat completions."""

    def __init__(self, session: ExportedSession) -> None:
        super().__init__(session)
        self._is_first = True

    def begin(self) -> str:
        line = dumps({**self.session.line(), "messages": []})
        return line.removesuffix("]}") + self._texts(self.instructions())

    def events(self, events: Iterable[Event]) -> str:
        return self._texts(self.messages(events))

    def end(self) -> str:
        return "]}\n"

    def _texts(self, messages: Iterable[Message]) -> str:
        texts = [dumps(chat_message(message)) for message in messages]
        separator = "" if self._is_first or not texts else ","
        self._is_first = self._is_first and not texts
        return separator + ",".join(texts)


def event_line(event: Event) -> dict[str, Any]:
    """Return an event as a line; the sequence goes first, by which the line is known."""
    return {
        "sequence": event.sequence,
        "type": event.type,
        "id": str(event.id),
        "ts": timestamp(event.at),
        "context": event.context,
        "data": event.data,
    }


def chat_message(message: Message) -> dict[str, Any]:
    """Return a message in the form of OpenAI's chat completions."""
    found: dict[str, Any] = {"role": message.role.value}
    if message.answer is not None:
        answer = message.answer
        found |= {"tool_call_id": answer.identifier, "name": answer.tool}
        if answer.error is None:
            found["content"] = as_text(answer.output)
        else:
            found |= {"content": answer.error, "error": answer.error}
    else:
        found["content"] = message.text or None
    if message.thought:
        found["reasoning_content"] = message.thought
    if message.calls:
        found["tool_calls"] = [_call(call) for call in message.calls]
    if message.at is not None:
        found["timestamp"] = timestamp(message.at)
    return found


def call_arguments(call: Called) -> Any:
    """Return arguments as JSON text; a number or a truth value, which no API sends, unchanged."""
    is_plain = isinstance(call.arguments, bool | int | float)
    return call.arguments if is_plain else as_text(call.arguments)


def _call(call: Called) -> dict[str, Any]:
    function = {"name": call.tool, "arguments": call_arguments(call)}
    return {"id": call.identifier, "type": "function", "function": function}
