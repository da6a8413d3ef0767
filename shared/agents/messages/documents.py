"""Messages as events of a session's log, their only stored form.

=========================  ===========  ==============================================
event                      role         data
=========================  ===========  ==============================================
input.message              user         ``{"message": …}``
output.message.completed   agent        ``{"message": …, "usage"?: …}``
tool.completed             tool_result  ``{"tool_call_id", "result"?, "error"?, …}``
=========================  ===========  ==============================================

A stored message is ``{"id", "role", "content", "controls"?, "metadata"?, "tags"?, "tools"?,
"thinking"?}``; session, sequence and time are the event's.
"""

from json import JSONDecodeError
from typing import Any

from shared.agents.agents.documents import tools_from_document, tools_to_document
from shared.agents.event_types import INPUT_MESSAGE, OUTPUT_MESSAGE_COMPLETED, TOOL_COMPLETED
from shared.agents.messages.domain import Message, MessageRole, NewMessage
from shared.core.ids import MessageId, SessionId
from shared.core.json import as_text, loads_strict
from shared.sessions.domain import Event, NewEvent

MESSAGE_EVENTS = frozenset({INPUT_MESSAGE, OUTPUT_MESSAGE_COMPLETED, TOOL_COMPLETED})


def message_document(message_id: MessageId, message: NewMessage) -> dict[str, Any]:
    """Return the document of a message."""
    document: dict[str, Any] = {
        "id": str(message_id),
        "role": message.role.value,
        "content": list(message.content),
    }
    if message.controls is not None:
        document["controls"] = message.controls
    if message.metadata is not None:
        document["metadata"] = message.metadata
    if message.tags:
        document["tags"] = list(message.tags)
    if message.tools:
        document["tools"] = tools_to_document(message.tools)
    if message.thinking is not None:
        document["thinking"] = message.thinking
    return document


def input_event(message_id: MessageId, message: NewMessage) -> NewEvent:
    """Return the event that stores a user message."""
    return NewEvent(
        type=INPUT_MESSAGE,
        data={"message": message_document(message_id, message)},
        context={"input_message_id": str(message_id)},
    )


def message_from_event(session_id: SessionId, event: Event) -> Message:
    """Parse the message in an event of one of the three types."""
    document = _tool_result(event) if event.type == TOOL_COMPLETED else event.data["message"]
    return Message(
        id=MessageId.parse(document["id"]),
        session_id=session_id,
        sequence=event.sequence,
        role=MessageRole(document["role"]),
        content=tuple(document["content"]),
        controls=document.get("controls"),
        metadata=document.get("metadata"),
        tags=tuple(document.get("tags", ())),
        tools=tools_from_document(document.get("tools", [])),
        thinking=document.get("thinking"),
        created_at=event.at,
    )


def _tool_result(event: Event) -> dict[str, Any]:
    """Return the message document of a tool result; its id is the event's."""
    part = {"type": "tool_result", "tool_call_id": event.data["tool_call_id"]}
    if event.data.get("error") is not None:
        part["error"] = event.data["error"]
    if event.data.get("result") is not None:
        part["result"] = result_from_parts(event.data["result"])
    return {
        "id": str(MessageId(event.id.uuid)),
        "role": MessageRole.TOOL_RESULT.value,
        "content": [part],
    }


def result_parts(value: Any) -> list[dict[str, Any]]:
    """Return a tool's result as event content: one text part, JSON unless it is a text."""
    return [{"type": "text", "text": as_text(value)}]


def result_from_parts(parts: list[dict[str, Any]]) -> Any:
    """Parse the result that :func:`result_parts` wrote."""
    text = parts[0]["text"]
    try:
        return loads_strict(text)
    except JSONDecodeError:
        return text
