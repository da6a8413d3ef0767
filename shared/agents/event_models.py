"""Events in the API: what clients get."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from shared.agents.event_service import EventPage
from shared.agents.event_types import INPUT_MESSAGE, OUTPUT_MESSAGE_COMPLETED, TOOL_STARTED
from shared.agents.message_log import read_message
from shared.agents.message_models import Message
from shared.agents.models import ListResponse, is_absent
from shared.core.ids import SessionId
from shared.sessions import models as domain

#: The documentation of an answer that is a stream.
STREAMED: dict[int | str, dict[str, Any]] = {
    200: {"description": "Events so far", "content": {"text/event-stream": {}}}
}
#: Milliseconds until a client comes back: soon while there is something to wait for.
_RETRY_BUSY = 100
_RETRY_IDLE = 1000


class EventContext(BaseModel):
    """What an event belongs to."""

    turn_id: str | None = Field(default=None, exclude_if=is_absent)
    input_message_id: str | None = Field(
        default=None, exclude_if=is_absent, description="The message that the turn answers."
    )
    exec_id: str | None = Field(default=None, exclude_if=is_absent)
    trace_id: str | None = Field(default=None, exclude_if=is_absent)
    span_id: str | None = Field(default=None, exclude_if=is_absent)
    parent_span_id: str | None = Field(default=None, exclude_if=is_absent)


class Event(BaseModel):
    """Something that happened in a session."""

    id: str
    type: str
    ts: datetime = Field(description="When it happened.")
    session_id: str
    sequence: int | None = Field(description="Its place in the log: from 1, without a gap.")
    context: EventContext
    data: dict[str, Any] = Field(description="What there is to tell, by type.")
    metadata: Any = Field(default=None, exclude_if=is_absent)
    tags: list[str] | None = Field(default=None, exclude_if=is_absent)

    @classmethod
    def of(cls, session_id: SessionId, event: domain.Event) -> "Event":
        return cls(
            id=str(event.id),
            type=event.type,
            ts=event.at,
            session_id=str(session_id),
            sequence=event.sequence,
            context=EventContext.model_validate(event.context),
            data=_data(session_id, event),
        )


class ListResponse_Event(ListResponse[Event]):  # noqa: N801  # the schema's name in the API
    """Events, oldest first, or the newest where that was asked for."""


def _data(session_id: SessionId, event: domain.Event) -> dict[str, Any]:
    """Complete what the log keeps once only: a message is shown whole in its event."""
    if event.type in (INPUT_MESSAGE, OUTPUT_MESSAGE_COMPLETED):
        message = Message.of(read_message(session_id, event))
        return event.data | {"message": message.model_dump(mode="json", exclude_none=True)}
    if event.type == TOOL_STARTED:
        call = {
            "id": event.data["tool_call_id"],
            "name": event.data["tool_name"],
            "arguments": event.data["arguments"],
        }
        return event.data | {"tool_call": call}
    return event.data


def retry_ms(page: EventPage) -> int:
    """Return how long to wait until more may have happened, in milliseconds."""
    busy = page.goes_on is not None or page.session.is_waiting
    return _RETRY_BUSY if busy else _RETRY_IDLE
