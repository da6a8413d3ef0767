"""Event query: filters on events, and the range of the log to read."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from shared.core.ids import EventId
from shared.sessions.domain import Event, Session, position_of

#: Fields of a message part that a text search skips: its type, and an image's bytes.
_NOT_SEARCHED = frozenset({"type", "base64"})


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Conditions on an event; all of them must hold.

    Attributes
    ----------
    types, exclude
        Only these types, if any are given; not these types.
    from_at, to_at
        Stored at this time or later; at this time or earlier.
    turn_id
        Turn in the event's context. The message that starts a turn comes before it.
    tool_name
        Tool of ``tool.started`` and ``tool.completed``.
    words
        Texts that occur in messages, tool arguments and results, or errors: each of them,
        ignoring case, also within a word.
    matches_nothing
        True for a condition on a field that no event here has.
    """

    types: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    from_at: datetime | None = None
    to_at: datetime | None = None
    turn_id: str | None = None
    tool_name: str | None = None
    words: tuple[str, ...] = ()
    matches_nothing: bool = False

    def matches(self, event: Event) -> bool:
        """Return whether an event meets all conditions; the cheap ones are checked first."""
        return (
            not self.matches_nothing
            and (not self.types or event.type in self.types)
            and event.type not in self.exclude
            and (self.from_at is None or event.at >= self.from_at)
            and (self.to_at is None or event.at <= self.to_at)
            and self.turn_id in (None, event.context.get("turn_id"))
            and self.tool_name in (None, event.data.get("tool_name"))
            and (not self.words or self._words_occur_in(event))
        )

    def _words_occur_in(self, event: Event) -> bool:
        text = "\n".join(_searched_texts(event.data)).casefold()
        return all(word.casefold() in text for word in self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """Events to read: a filter, a range of the log, a limit and an order.

    Attributes
    ----------
    since, after
        Only events after this one; only events after this sequence.
    before
        Only events before this sequence.
    around, window
        Only this event, and so many events of the log on each side of it.
    limit
        Maximum number of events; None for as many as a response holds.
    newest
        True to return the last ``limit`` events instead of the first.
    descending
        Newest first, starting at the end of the log.
    """

    filter: EventFilter = field(default_factory=EventFilter)
    since: EventId | None = None
    after: int = 0
    before: int | None = None
    around: EventId | None = None
    window: int = 0
    limit: int | None = None
    newest: bool = False
    descending: bool = False

    def resume_after(self, last_seen: EventId | None) -> "EventQuery":
        """Return the query of a reconnecting client.

        ``last_seen`` takes precedence over the original ``since``, which browsers send again
        (the HTML standard).
        """
        return self if last_seen is None else replace(self, since=last_seen)

    def span(self, session: Session) -> tuple[int, int]:
        """Return the range of the log: after the first sequence, through the last.

        Raises ``InvalidInput`` for an event of another session.
        """
        after, last = self.after, session.last_sequence
        if self.before is not None:
            last = min(last, self.before - 1)
        if self.since is not None:
            after = max(after, position_of(session, self.since, "since_id"))
        if self.around is not None:
            center = position_of(session, self.around, "around")
            after = max(after, center - self.window - 1)
            last = min(last, center + self.window)
        return after, last


def _searched_texts(data: dict[str, Any]) -> Iterator[str]:
    """Yield the texts of messages, tool arguments and results, and errors."""
    for part in (*data.get("message", {}).get("content", ()), *data.get("result", ())):
        yield from _texts({k: value for k, value in part.items() if k not in _NOT_SEARCHED})
    yield from _texts([data.get("arguments"), data.get("error")])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
