"""Events of an imported conversation.

Messages and tool calls have the same form as in a turn's events, so that readers of messages,
events or the stream see no difference. No turn ran, so there are no turn events.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.agents.event_types import (
    OUTPUT_MESSAGE_COMPLETED,
    SESSION_STARTED,
    TOOL_COMPLETED,
    TOOL_STARTED,
)
from shared.agents.messages.documents import input_event, message_document, result_parts
from shared.agents.messages.domain import MessageRole, NewMessage
from shared.core.ids import MessageId, SessionId, derived_uuid
from shared.core.json import dumps
from shared.sessions.captured_conversations import CapturedConversation
from shared.sessions.capturing import MAX_EVENT_BYTES, fits
from shared.sessions.domain import NewEvent
from shared.sessions.forms.steps import Thought
from shared.sessions.transcript import AssistantSaid, ToolAnswered, ToolCalled, UserSaid

#: Key of the captured instructions in the metadata of the first message, or in an event of
#: their own if they do not fit into one item with that message.
INSTRUCTIONS = "instructions"
#: Key of the names of the captured models, beside the instructions.
MODELS = "models"
#: Text of a message of which nothing but its reasoning was captured.
_THINKING = "[thinking]"


def imported_events(
    session_id: SessionId,
    conversation: CapturedConversation,
    imported_at: datetime,
    agent_id: str = "",
) -> list[NewEvent]:
    """Return a conversation as the events of a session's log, with the times of its source.

    ``agent_id`` is in the event of instructions that do not fit into the first message's.
    """
    writer = EventWriter(session_id)
    entries = conversation.entries
    times = conversation.times_until(imported_at)
    position = 0
    while position < len(entries):
        entry = entries[position]
        writer.at = times[position]
        position += 1
        if isinstance(entry, UserSaid):
            writer.add_input(entry.text)
        elif isinstance(entry, ToolAnswered):
            writer.add_result(entry)
        elif isinstance(entry, Thought):
            writer.thoughts.append(entry.text)
        elif isinstance(entry, AssistantSaid | ToolCalled):
            text = entry.text if isinstance(entry, AssistantSaid) else ""
            calls = [entry] if isinstance(entry, ToolCalled) else []
            room = MAX_EVENT_BYTES // 2 - sum(map(_size, calls))
            # The calls of a message follow it directly; very large ones have messages of their own.
            while position < len(entries) and isinstance(call := entries[position], ToolCalled):
                room -= _size(call)
                if calls and room < 0:
                    break
                calls.append(call)
                position += 1
            writer.add_output(text, calls)
    writer.flush_thoughts()
    own: dict[str, Any] = {}
    if conversation.instructions:
        own[INSTRUCTIONS] = conversation.instructions
    if conversation.models:
        own[MODELS] = list(conversation.models)
    return _with_metadata(writer.events, own, agent_id) if own else writer.events


def _with_metadata(events: list[NewEvent], own: dict[str, Any], agent_id: str) -> list[NewEvent]:
    """Return events with metadata in the first message's, or in one of their own."""
    first = events[0]
    message = {**first.data["message"], "metadata": own}
    whole = replace(first, data={**first.data, "message": message})
    if fits(whole):
        return [whole, *events[1:]]
    data = {"agent_id": agent_id, **own}
    return [NewEvent(type=SESSION_STARTED, data=data, at=first.at), *events]


class EventWriter:
    """Collects events; each user message begins a new exchange, their common context.

    ``after`` is the last sequence of the log that the events are appended to.
    """

    def __init__(self, session_id: SessionId, after: int = 0) -> None:
        self.events: list[NewEvent] = []
        self._after = after
        self.at: datetime | None = None
        #: Reasoning ahead of the output that it led to.
        self.thoughts: list[str] = []
        self._session = session_id.hex
        self._context: dict[str, Any] = {}

    def add_input(self, text: str, message_id: MessageId | None = None) -> None:
        self.flush_thoughts()
        message = NewMessage(role=MessageRole.USER, content=_content(text))
        event = input_event(message_id or self._message_id(), message)
        self._context = event.context
        self._add(event.type, event.data)

    def add_output(self, text: str, calls: Sequence[ToolCalled]) -> None:
        parts = tuple(
            {
                "type": "tool_call",
                "id": _call_id(call.call),
                "name": call.tool,
                "arguments": call.arguments,
            }
            for call in calls
        )
        message = NewMessage(
            role=MessageRole.AGENT,
            content=(*_content(text), *parts),
            thinking="\n\n".join(self.thoughts) or None,
        )
        self.thoughts = []
        document = message_document(self._message_id(), message)
        self._add(OUTPUT_MESSAGE_COMPLETED, {"message": document})
        for call in calls:
            data = {
                "tool_call_id": _call_id(call.call),
                "tool_name": call.tool,
                "arguments": call.arguments,
            }
            self._add(TOOL_STARTED, data)

    def add_result(self, entry: ToolAnswered) -> None:
        data: dict[str, Any] = {
            "tool_call_id": _call_id(entry.call),
            "tool_name": entry.tool,
            "success": entry.error is None,
            "status": "success" if entry.error is None else "error",
        }
        if entry.error is None:
            data["result"] = result_parts(entry.output)
        else:
            data["error"] = entry.error
        self._add(TOOL_COMPLETED, data)

    def flush_thoughts(self) -> None:
        """Add reasoning that led to no output."""
        if self.thoughts:
            self.add_output(_THINKING, [])

    def _add(self, event_type: str, data: dict[str, Any]) -> None:
        event = NewEvent(type=event_type, data=data, context=self._context, at=self.at)
        self.events.append(event)

    def _message_id(self) -> MessageId:
        number = str(self._after + len(self.events))
        return MessageId(derived_uuid(self._session, "imported message", number))


def _size(call: ToolCalled) -> int:
    return len(dumps(call.arguments).encode())


def _content(text: str) -> tuple[dict[str, Any], ...]:
    return ({"type": "text", "text": text},) if text else ()


def _call_id(number: int) -> str:
    # Numbered anew: the ids in a capture may be missing or used twice.
    return f"call_{number}"
