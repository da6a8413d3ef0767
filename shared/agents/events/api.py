"""Events in the API: query parameters and responses.

The Everruns API defines the filters, with their limits and rules. A filter by a field that no
event here has (``exec_id``, ``trace_id``, ``tags``) is accepted, and matches none.
"""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from shared.agents.api import ListParameters, ListResponse, error_responses, text_up_to
from shared.agents.event_types import (
    EVENT_TYPES,
    INPUT_MESSAGE,
    OUTPUT_MESSAGE_COMPLETED,
    TOOL_STARTED,
)
from shared.agents.events.query import EventFilter, EventQuery
from shared.agents.events.service import EventPage
from shared.agents.messages.api import Message
from shared.agents.messages.documents import message_from_event
from shared.core.api_types import Line, UtcDatetime, is_none
from shared.core.errors import InvalidInput
from shared.core.ids import EventId, SessionId
from shared.sessions import domain

#: Events on each side of ``around``; words and bytes of a search; tags (the Everruns API).
DEFAULT_WINDOW, MAX_WINDOW = 50, 500
MAX_WORDS, MAX_SEARCH_BYTES = 64, 4096
MAX_TAGS = 20
#: Types in one filter (the Everruns API), and characters of one.
MAX_TYPES, _MAX_TYPE_LENGTH = 25, 50
#: OpenAPI documentation of the responses of the stream.
STREAM_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events so far, and `disconnecting` only if there were none in time. "
        "`output.message.delta` has the text that a model is writing: its new part, and the whole. "
        "It is in no log; its `sequence` is that of the event before it.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    **error_responses({400: "Invalid ID or filter", 404: "Session not found"}),
}
#: Milliseconds until a client reconnects: short while a turn runs or more events are stored.
_RETRY_BUSY_MS = 100
_RETRY_IDLE_MS = 1000

#: With any of these, a limit returns the first events, not the last (the Everruns API).
_COUNTED_FROM_THE_START = frozenset(
    {"since_id", "after_sequence", "cursor", "from_ts", "to_ts", "turn_id", "tool_name", "q"}
)
#: Parameters that exclude each other: either of a pair says where the events begin or end.
_EXCLUSIVE = (
    ("since_id", "after_sequence"),
    ("around", "since_id"),
    ("around", "after_sequence"),
    ("around", "before_sequence"),
)
#: Begins the position in a cursor that leads to earlier events.
_BEFORE = "<"


def _check_event_type(name: str) -> str:
    if name not in EVENT_TYPES:
        raise PydanticCustomError("unknown_event_type", "must be an event type")
    return name


def _check_search(text: str) -> str:
    if len(text.encode(errors="replace")) > MAX_SEARCH_BYTES or len(text.split()) > MAX_WORDS:
        raise PydanticCustomError(
            "search_too_long",
            "must not exceed {words} words or {bytes} bytes",
            {"words": MAX_WORDS, "bytes": MAX_SEARCH_BYTES},
        )
    return text


_EventType = Annotated[
    str, StringConstraints(max_length=_MAX_TYPE_LENGTH), AfterValidator(_check_event_type)
]
_EventTypes = Annotated[list[_EventType], Field(max_length=MAX_TYPES)]
_Search = Annotated[str, AfterValidator(_check_search), text_up_to(MAX_SEARCH_BYTES)]


class EventsParameters(BaseModel):
    """Query parameters of the event stream. Unknown parameters are rejected, not ignored."""

    model_config = ConfigDict(extra="forbid")

    since_id: EventId | None = None
    """Only events after this one. Cannot be used together with `after_sequence`."""
    after_sequence: int = Field(default=0, ge=0)
    """Only events after this sequence. Cannot be used together with `since_id`."""
    exclude: _EventTypes = Field(default=[])
    """Not these types; at most 25."""
    types: _EventTypes = Field(default=[])
    """Only these types; at most 25."""

    def to_domain(self, *, position: str | None = None) -> EventQuery:
        """Return the query; ``position`` is the end of the previous page.

        Raises ``InvalidInput`` for parameters that exclude each other.
        """
        for one, other in _EXCLUSIVE:
            if {one, other} <= self.model_fields_set:
                raise InvalidInput(f"{one}: cannot be used together with {other}.")
        return EventQuery(
            since=self.since_id,
            after=max(int(position or 0), self.after_sequence),
            filter=EventFilter(exclude=frozenset(self.exclude), types=frozenset(self.types)),
        )


class ListEventsParameters(ListParameters, EventsParameters):
    """Query parameters of the list of events. All conditions must hold."""

    limit: int | None = Field(default=None, ge=1)
    """Maximum number of events; as many as a response holds if absent. Returns the newest
    events, but the first ones with `since_id`, `after_sequence`, `cursor`, `from_ts`, `to_ts`,
    `turn_id`, `tool_name` or `q`, unless `order_desc` is set. A page of fewer events has a
    cursor for the others, which lie before the newest."""
    before_sequence: int | None = Field(default=None, ge=0)
    """Only events before this sequence."""
    around: EventId | None = None
    """Only this event and those near it, oldest first whatever `limit` and `order_desc` are.
    Cannot be used together with `since_id`, `after_sequence` or `before_sequence`."""
    window: int | None = Field(default=None, ge=1, le=MAX_WINDOW)
    """Number of events of the log on each side of `around`; 50 if absent. Other filters narrow
    them."""
    from_ts: UtcDatetime | None = None
    """Only events of this time or later."""
    to_ts: UtcDatetime | None = None
    """Only events of this time or earlier."""
    turn_id: Line | None = None
    """Only events with this turn in their context."""
    tool_name: Line | None = None
    """Only calls of this tool."""
    q: _Search | None = None
    """Only events with all these words, ignoring case, whole or in part: in the content of
    messages, in tool arguments and results, and in errors. At most 64 words and 4,096 bytes."""
    exec_id: Line | None = None
    """Matches none: no event has one."""
    trace_id: Line | None = None
    """Matches none: no event has one."""
    tags: list[Line] = Field(default=[], max_length=MAX_TAGS)
    """Matches none: no event has any."""
    order_desc: bool = False
    """Newest first."""

    def cursor_filters(self, session_id: SessionId) -> dict[str, Any]:
        """Return the filters that a cursor is bound to; it is valid in one direction only."""
        direction = {"order_desc": True} if self._is_descending else {}
        return {"session_id": str(session_id), **direction}

    def to_domain(self, *, position: str | None = None) -> EventQuery:
        """Return the query. Raises ``InvalidInput`` for parameters that exclude each other."""
        self._check_combination()
        goes_back = position is not None and (self._is_descending or position.startswith(_BEFORE))
        query = super().to_domain(position=None if goes_back else position)
        before = self.before_sequence
        if goes_back and position is not None:
            sequence = int(position.removeprefix(_BEFORE))
            before = sequence if before is None else min(before, sequence)
        from_start = self.around is not None or self.model_fields_set & _COUNTED_FROM_THE_START
        newest = goes_back or (self.limit is not None and not from_start)
        return replace(
            query,
            filter=replace(
                query.filter,
                from_at=self.from_ts,
                to_at=self.to_ts,
                turn_id=self.turn_id,
                tool_name=self.tool_name,
                words=tuple((self.q or "").split()),
                matches_nothing=bool(
                    self.exec_id is not None or self.trace_id is not None or self.tags
                ),
            ),
            before=before,
            around=self.around,
            window=self.window or DEFAULT_WINDOW,
            limit=None if self.around is not None else self.limit,
            newest=newest,
            descending=self._is_descending,
        )

    @staticmethod
    def position_after(page: EventPage, query: EventQuery) -> str | None:
        """Return the position of the page behind one, for its cursor; None on the last page."""
        if page.next_sequence is None:
            return None
        goes_back = query.descending or query.newest
        return f"{_BEFORE if goes_back else ''}{page.next_sequence}"

    @property
    def _is_descending(self) -> bool:
        return self.order_desc and self.around is None

    def _check_combination(self) -> None:
        if self.around is None and self.window is not None:
            raise InvalidInput("window: can only be used together with around.")
        if self.from_ts is not None and self.to_ts is not None and self.from_ts > self.to_ts:
            raise InvalidInput("from_ts: must not be later than to_ts.")


class EventContext(BaseModel):
    """Turn and message that an event belongs to."""

    turn_id: str | None = Field(default=None, exclude_if=is_none)
    """Turn of the event; absent outside a turn."""
    input_message_id: str | None = Field(default=None, exclude_if=is_none)
    """Message that the turn answers."""
    exec_id: str | None = Field(default=None, exclude_if=is_none)
    """Always absent: not recorded."""
    trace_id: str | None = Field(default=None, exclude_if=is_none)
    """Always absent: not recorded."""
    span_id: str | None = Field(default=None, exclude_if=is_none)
    """Always absent: not recorded."""
    parent_span_id: str | None = Field(default=None, exclude_if=is_none)
    """Always absent: not recorded."""


class Event(BaseModel):
    """An event in the log of a session."""

    id: str
    """Id of the event; ids sort in the order of the log."""
    type: str
    """Type of the event, such as `input.message` or `turn.completed`."""
    ts: datetime
    """Time of the event."""
    session_id: str
    """Session of the log."""
    sequence: int | None
    """Position in the log, from 1, without gaps."""
    context: EventContext
    """Turn and message that the event belongs to."""
    data: dict[str, Any]
    """Event payload; its shape depends on `type`. `llm.generation` has the output, model and
    tokens of a model call; its `messages` are empty, as the log has them."""
    metadata: Any = Field(default=None, exclude_if=is_none)
    """Always absent: not recorded."""
    tags: list[str] | None = Field(default=None, exclude_if=is_none)
    """Always absent: not recorded."""

    @classmethod
    def of(cls, session_id: SessionId, event: domain.Event) -> "Event":
        return cls(
            id=str(event.id),
            type=event.type,
            ts=event.at,
            session_id=str(session_id),
            sequence=event.sequence,
            context=EventContext.model_validate(event.context),
            data=_payload(session_id, event),
        )


class ListResponse_Event(ListResponse[Event]):  # noqa: N801  # the schema's name in the API
    """Events, oldest first unless requested otherwise."""


def _payload(session_id: SessionId, event: domain.Event) -> dict[str, Any]:
    """Return the data of an event, with the fields that the log does not store twice."""
    if event.type in (INPUT_MESSAGE, OUTPUT_MESSAGE_COMPLETED):
        message = Message.of(message_from_event(session_id, event))
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
    """Return the milliseconds after which a client of the stream reconnects."""
    busy = page.next_sequence is not None or page.session.has_work
    return _RETRY_BUSY_MS if busy else _RETRY_IDLE_MS
