"""Log window: the newest part of a session's log, as far as a turn reads it."""

from collections.abc import Collection, Iterable

from shared.agents.event_types import INPUT_MESSAGE, TOOL_STARTED
from shared.agents.sessions.domain import AgentSession
from shared.agents.turns.conversation import conversation
from shared.agents.turns.states import LostTurn
from shared.llm.port import ChatMessage, ToolCall
from shared.sessions.domain import Event
from shared.sessions.log_reading import events_after, newest_events
from shared.storage.table import Table

#: Items (three or four a turn) and bytes that are read: a model is shown the newest
#: exchanges, and a turn costs the same in a long session as in one of forty turns.
MAX_ITEMS = 150
MAX_BYTES = 400_000


class LogWindow:
    """The known events of one log: read once, then only what other writers added."""

    def __init__(self, table: Table, session: AgentSession) -> None:
        self._table = table
        self._session = session  # for the place of its log only
        # By sequence; gaps are possible where other writers came between.
        self._events: dict[int, Event] = {}
        self._begins_after: int | None = None

    def add(self, events: Iterable[Event]) -> None:
        """Add events that were just read or written."""
        self._events |= {event.sequence: event for event in events}

    def refresh(self, session: AgentSession) -> None:
        """Read the unknown part of the log: one query, none if all is known.

        One more if the next message is older than the window, because many came after it.
        """
        last = session.last_sequence
        if self._begins_after is None:
            window = newest_events(
                self._table, self._session, last=last, max_items=MAX_ITEMS, max_bytes=MAX_BYTES
            )
            self.add(window)
            self._begins_after = window[0].sequence - 1 if window else last
        else:
            known = self._begins_after
            while known < last and known + 1 in self._events:
                known += 1
            self._read(known, last)
        if self._begins_after > session.answered_through:
            self._read(session.answered_through, self._begins_after)

    def next_input(self, after: int) -> Event:
        """Return the first user message after a sequence. Raises :class:`LostTurn`."""
        inputs = (s for s, e in self._events.items() if s > after and e.type == INPUT_MESSAGE)
        first = min(inputs, default=None)
        if first is None:
            raise LostTurn
        return self._events[first]

    def conversation(self, last: int) -> tuple[ChatMessage, ...]:
        """Return the known conversation through the message at a sequence."""
        return conversation((self._events[sequence] for sequence in sorted(self._events)), last)

    def started_calls(self, ids: Collection[str]) -> list[ToolCall]:
        """Return the newest known tool calls with these ids, in the order of the log."""
        started = {
            event.data["tool_call_id"]: event.data
            for _, event in sorted(self._events.items())
            if event.type == TOOL_STARTED and event.data["tool_call_id"] in ids
        }
        return [
            ToolCall(identifier, data["tool_name"], data["arguments"])
            for identifier, data in started.items()
        ]

    def _read(self, after: int, last: int) -> None:
        self.add(
            events_after(self._table, self._session, after=after, last=last, max_bytes=MAX_BYTES)
        )
