"""A captured conversation as the log of an agent session.

Messages and tools have the forms of a turn's events, so that whoever reads messages, events
or the stream sees no difference. No turn ran, so none is told of.
"""

from collections.abc import Sequence
from typing import Any

from shared.agents.domain import MessageRole, NewMessage
from shared.agents.event_types import OUTPUT_MESSAGE_COMPLETED, TOOL_COMPLETED, TOOL_STARTED
from shared.agents.message_log import input_event, message_document, result_parts
from shared.core.ids import MessageId, SessionId, derived_uuid
from shared.sessions.captured_conversations import CapturedConversation
from shared.sessions.models import NewEvent
from shared.sessions.transcript import AssistantSaid, ToolAnswered, ToolCalled, UserSaid


def agent_events(session_id: SessionId, conversation: CapturedConversation) -> list[NewEvent]:
    """Return a conversation as the events of a session's log."""
    writer = _Writer(session_id)
    entries = conversation.entries
    position = 0
    while position < len(entries):
        entry = entries[position]
        position += 1
        if isinstance(entry, UserSaid):
            writer.user(entry.text)
        elif isinstance(entry, ToolAnswered):
            writer.answer(entry)
        elif isinstance(entry, AssistantSaid | ToolCalled):
            text = entry.text if isinstance(entry, AssistantSaid) else ""
            calls = [entry] if isinstance(entry, ToolCalled) else []
            # The calls of one message follow it at once.
            while position < len(entries) and isinstance(call := entries[position], ToolCalled):
                calls.append(call)
                position += 1
            writer.assistant(text, calls)
    return writer.events


class _Writer:
    """Writes the events; the exchange that they belong to begins with each user message."""

    def __init__(self, session_id: SessionId) -> None:
        self.events: list[NewEvent] = []
        self._session = session_id.hex
        self._context: dict[str, Any] = {}

    def user(self, text: str) -> None:
        message = NewMessage(role=MessageRole.USER, content=_content(text))
        event = input_event(self._message_id(), message)
        self._context = event.context
        self.events.append(event)

    def assistant(self, text: str, calls: Sequence[ToolCalled]) -> None:
        parts = tuple(
            {
                "type": "tool_call",
                "id": _call_id(call.call),
                "name": call.tool,
                "arguments": call.arguments,
            }
            for call in calls
        )
        content = (*_content(text), *parts)
        message = NewMessage(role=MessageRole.AGENT, content=content)
        document = message_document(self._message_id(), message)
        self._add(OUTPUT_MESSAGE_COMPLETED, {"message": document})
        for call in calls:
            told = {
                "tool_call_id": _call_id(call.call),
                "tool_name": call.tool,
                "arguments": call.arguments,
            }
            self._add(TOOL_STARTED, told)

    def answer(self, entry: ToolAnswered) -> None:
        told: dict[str, Any] = {
            "tool_call_id": _call_id(entry.call),
            "tool_name": entry.tool,
            "success": entry.error is None,
            "status": "success" if entry.error is None else "error",
        }
        if entry.error is None:
            told["result"] = result_parts(entry.output)
        else:
            told["error"] = entry.error
        self._add(TOOL_COMPLETED, told)

    def _add(self, name: str, data: dict[str, Any]) -> None:
        self.events.append(NewEvent(type=name, data=data, context=self._context))

    def _message_id(self) -> MessageId:
        return MessageId(derived_uuid(self._session, "imported message", str(len(self.events))))


def _content(text: str) -> tuple[dict[str, Any], ...]:
    return ({"type": "text", "text": text},) if text else ()


def _call_id(number: int) -> str:
    # Of its own: those in captures are missing, or used again for another call.
    return f"call_{number}"
