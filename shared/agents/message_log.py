"""Messages as events of a session's log, and back. They are stored nowhere else.

=========================  ===========  ==============================================
event                      role         data
=========================  ===========  ==============================================
input.message              user         ``{"message": …}``
output.message.completed   agent        ``{"message": …, "usage"?: …}``
tool.completed             tool_result  ``{"tool_call_id", "result"?, "error"?, …}``
=========================  ===========  ==============================================

A stored message is ``{"id", "role", "content", "controls"?, "metadata"?, "tags"?}``; session,
sequence and time are the event's.
"""

from typing import Any

from shared.agents.domain import Message, MessageRole, NewMessage
from shared.core.ids import MessageId, SessionId
from shared.sessions.models import Event, NewEvent

INPUT_MESSAGE = "input.message"
OUTPUT_MESSAGE_COMPLETED = "output.message.completed"
TOOL_COMPLETED = "tool.completed"
MESSAGE_EVENTS = frozenset({INPUT_MESSAGE, OUTPUT_MESSAGE_COMPLETED, TOOL_COMPLETED})


def message_document(message_id: MessageId, message: NewMessage) -> dict[str, Any]:
    """Return a message as the log keeps it."""
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
    return document


def input_event(message_id: MessageId, message: NewMessage) -> NewEvent:
    """Return the event that stores a message of the user."""
    return NewEvent(
        type=INPUT_MESSAGE,
        data={"message": message_document(message_id, message)},
        context={"input_message_id": str(message_id)},
    )


def read_message(session_id: SessionId, event: Event) -> Message:
    """Return the message that an event of one of the three types holds."""
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
        created_at=event.at,
    )


def _tool_result(event: Event) -> dict[str, Any]:
    """Return the message that a tool's end is; its id is the event's."""
    kept = ("tool_call_id", "result", "error")
    part = {"type": "tool_result", **{key: event.data[key] for key in kept if key in event.data}}
    return {
        "id": str(MessageId(event.id.uuid)),
        "role": MessageRole.TOOL_RESULT.value,
        "content": [part],
    }
