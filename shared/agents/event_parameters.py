"""How clients ask for events: the filters of the Everruns API, with its limits and rules.

Its server knows more events than are written here. A filter by what no event here carries
(``exec_id``, ``trace_id``, ``tags``) is not refused, and matches none, as it does there for
events that have no such mark.
"""

import re
from dataclasses import replace
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from shared.agents.event_query import EventFilter, EventQuery
from shared.agents.event_types import EVENT_TYPES
from shared.agents.models import ListParameters
from shared.core.clock import UtcDatetime
from shared.core.errors import InvalidInput
from shared.core.ids import EventId, SessionId

#: Events on each side of the one in the middle; words of a search, and bytes of them; tags
#: (the Everruns API).
DEFAULT_WINDOW, MAX_WINDOW = 50, 500
MAX_WORDS, MAX_SEARCH_BYTES = 64, 4096
MAX_TAGS = 20

#: With any of these a limit tells the first events and not the last (the Everruns API).
_COUNTED_FROM_THE_START = frozenset(
    {"since_id", "after_sequence", "cursor", "from_ts", "to_ts", "turn_id", "tool_name", "q"}
)
#: The bounds that a window around an event takes the place of.
_OTHER_BOUNDS = ("since_id", "after_sequence", "before_sequence")

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def _known(name: str) -> str:
    if name not in EVENT_TYPES:
        raise PydanticCustomError("unknown_event_type", "not a type of event")
    return name


def _rfc_3339(text: Any) -> Any:
    """Refuse what would else be read as a date or as seconds since 1970."""
    if isinstance(text, str) and not _RFC_3339.fullmatch(text):
        raise PydanticCustomError("not_rfc_3339", "not a time as RFC 3339 has it, with its zone")
    return text


def _of_few_words(text: str) -> str:
    if len(text.encode(errors="replace")) > MAX_SEARCH_BYTES or len(text.split()) > MAX_WORDS:
        raise PydanticCustomError(
            "search_too_long",
            "longer than {words} words or {bytes} bytes",
            {"words": MAX_WORDS, "bytes": MAX_SEARCH_BYTES},
        )
    return text


_EventType = Annotated[str, AfterValidator(_known)]
_Time = Annotated[UtcDatetime, BeforeValidator(_rfc_3339)]
_Search = Annotated[str, AfterValidator(_of_few_words)]


class EventsParameters(BaseModel):
    """Which events to read. A filter that is not known is refused, never left out."""

    model_config = ConfigDict(extra="forbid")

    since_id: EventId | None = Field(
        default=None, description="Only events behind this one, which is not repeated."
    )
    after_sequence: int = Field(default=0, ge=0, description="Only events behind this sequence.")
    exclude: list[_EventType] = Field(default=[], description="Not these types.")
    types: list[_EventType] = Field(default=[], description="Only these types.")

    def to_domain(self, *, position: str | None = None) -> EventQuery:
        """Return the query; ``position`` is where a page before has ended."""
        return EventQuery(
            since=self.since_id,
            after=max(int(position or 0), self.after_sequence),
            filter=EventFilter(exclude=frozenset(self.exclude), types=frozenset(self.types)),
        )


class ListEventsParameters(ListParameters, EventsParameters):
    """Which events to list, and which part of the list. All that is said must hold."""

    limit: int | None = Field(
        default=None,
        ge=1,
        description=(
            "How many at most: the newest; but the first, behind `since_id`, `after_sequence` or "
            "a cursor, and with `from_ts`, `to_ts`, `turn_id`, `tool_name` or `q`, unless "
            "`order_desc` is set. Left out, as many as an answer holds."
        ),
    )
    before_sequence: int | None = Field(
        default=None, ge=0, description="Only events before this sequence."
    )
    around: EventId | None = Field(
        default=None,
        description=(
            "Only this event and those near it, oldest first whatever `limit` and `order_desc` "
            "say. Not with `since_id`, `after_sequence` or `before_sequence`."
        ),
    )
    window: int | None = Field(
        default=None,
        ge=1,
        le=MAX_WINDOW,
        description=(
            "How many events of the log, on each side of `around`, are near it; 50, if left out. "
            "Other filters narrow them."
        ),
    )
    from_ts: _Time | None = Field(default=None, description="Only events of this time or later.")
    to_ts: _Time | None = Field(default=None, description="Only events of this time or earlier.")
    turn_id: str | None = Field(
        default=None, description="Only events whose context has this turn."
    )
    tool_name: str | None = Field(default=None, description="Only the calls of this tool.")
    q: _Search | None = Field(
        default=None,
        description=(
            "Only events with all these words, small or capital, whole or in part: in the content "
            "of messages, in what tools were given and returned, and in errors."
        ),
    )
    exec_id: str | None = Field(default=None, description="No event has one: matches none.")
    trace_id: str | None = Field(default=None, description="No event has one: matches none.")
    tags: list[str] = Field(
        default=[], max_length=MAX_TAGS, description="No event has any: matches none."
    )
    order_desc: bool = Field(default=False, description="The newest first.")

    def cursor_filters(self, session_id: SessionId) -> dict[str, Any]:
        """Return what a cursor is bound to: one direction's place is none in the other."""
        direction = {"order_desc": True} if self._is_descending else {}
        return {"session_id": str(session_id), **direction}

    def to_domain(self, *, position: str | None = None) -> EventQuery:
        """Return the query. Raises ``InvalidInput`` where one parameter rules out another."""
        self._check()
        query = super().to_domain(position=None if self._is_descending else position)
        before = self.before_sequence
        if self._is_descending and position is not None:
            before = int(position) if before is None else min(before, int(position))
        from_start = self.around is not None or self.model_fields_set & _COUNTED_FROM_THE_START
        return replace(
            query,
            filter=replace(
                query.filter,
                from_at=self.from_ts,
                to_at=self.to_ts,
                turn_id=self.turn_id,
                tool_name=self.tool_name,
                words=tuple((self.q or "").split()),
                unmatchable=bool(
                    self.exec_id is not None or self.trace_id is not None or self.tags
                ),
            ),
            before=before,
            around=self.around,
            window=self.window or DEFAULT_WINDOW,
            limit=None if self.around is not None else self.limit,
            newest=self.limit is not None and not from_start,
            descending=self._is_descending,
        )

    @property
    def _is_descending(self) -> bool:
        return self.order_desc and self.around is None

    def _check(self) -> None:
        if self.around is None and self.window is not None:
            raise InvalidInput("window: goes with around only.")
        if self.around is not None:
            for name in _OTHER_BOUNDS:
                if name in self.model_fields_set:
                    raise InvalidInput(f"around: does not go with {name}.")
        if self.from_ts is not None and self.to_ts is not None and self.from_ts > self.to_ts:
            raise InvalidInput("from_ts: lies behind to_ts.")
