"""Which events of a log are asked for: what they must be, where they lie, in which order."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from shared.core.errors import InvalidInput
from shared.core.ids import EventId
from shared.sessions.models import Event, Session, is_event_of, sequence_of

#: What of a part of a message is no word: its kind, and a picture's bytes.
_WORDLESS = frozenset({"type", "base64"})


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """What an event must be. Each condition narrows the others.

    Attributes
    ----------
    types, exclude
        Only these types, where any are named; not these types.
    from_at, to_at
        Stored at this moment or later; at this moment or earlier.
    turn_id
        Told of this turn by its context. The message that starts a turn comes before it.
    tool_name
        Of a call of this tool: ``tool.started`` and ``tool.completed``.
    words
        In what was said, or what tools and turns came to, each of these occurs, in small
        letters or capitals, also as a part of a word.
    unmatchable
        Carrying what no event here carries.
    """

    types: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    from_at: datetime | None = None
    to_at: datetime | None = None
    turn_id: str | None = None
    tool_name: str | None = None
    words: tuple[str, ...] = ()
    unmatchable: bool = False

    def takes(self, event: Event) -> bool:
        """Tell whether an event is as asked for; the cheap conditions come first."""
        return (
            not self.unmatchable
            and (not self.types or event.type in self.types)
            and event.type not in self.exclude
            and (self.from_at is None or event.at >= self.from_at)
            and (self.to_at is None or event.at <= self.to_at)
            and self.turn_id in (None, event.context.get("turn_id"))
            and self.tool_name in (None, event.data.get("tool_name"))
            and (not self.words or self._is_mentioned_in(event))
        )

    def _is_mentioned_in(self, event: Event) -> bool:
        said = "\n".join(_words(event.data)).casefold()
        return all(word.casefold() in said for word in self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """Which events to read, and which part of them.

    Attributes
    ----------
    since, after
        Only what came behind this event; only what came behind this sequence.
    before
        Only what came before this sequence.
    around, window
        Only this event, and so many places of the log before and behind it.
    limit
        So many at most; None for as many as an answer holds.
    newest
        Where there are more than ``limit``, the last of them and not the first.
    descending
        The newest first, beginning with the last of the log.
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

    def behind(self, last_seen: EventId | None) -> "EventQuery":
        """Return the query of a client that comes back, and says what it has seen last.

        It may ask with all that it began with: browsers do, as the HTML standard has it.
        """
        return self if last_seen is None else replace(self, since=last_seen)

    def span(self, session: Session) -> tuple[int, int]:
        """Return the part of a log asked for: behind the first sequence, up to the last.

        Raises ``InvalidInput`` for an event that is none of the session.
        """
        after, last = self.after, session.last_sequence
        if self.before is not None:
            last = min(last, self.before - 1)
        if self.since is not None:
            after = max(after, _place(session, self.since, "since_id"))
        if self.around is not None:
            place = _place(session, self.around, "around")
            after = max(after, place - self.window - 1)
            last = min(last, place + self.window)
        return after, last


def _place(session: Session, event_id: EventId, name: str) -> int:
    place = sequence_of(event_id)
    if not is_event_of(session.id, event_id) or not 0 < place <= session.last_sequence:
        raise InvalidInput(f"Invalid event ID: {name} is no event of this session")
    return place


def _words(data: dict[str, Any]) -> Iterator[str]:
    """Yield the texts of an event that are somebody's words, or a tool's."""
    for part in (*data.get("message", {}).get("content", ()), *data.get("result", ())):
        yield from _texts({k: value for k, value in part.items() if k not in _WORDLESS})
    yield from _texts([data.get("arguments"), data.get("error")])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
