"""The part of a session's log that a turn reads, kept up with as others write."""

from shared.agents.conversation import KnownLog
from shared.agents.domain import AgentSession
from shared.agents.turn_states import LostTurn
from shared.llm.port import ChatMessage
from shared.sessions.log_reading import events_after, newest_events
from shared.sessions.models import Event
from shared.storage.table import Table

#: So many items (three or four a turn) and so many bytes are read: a model is shown the
#: newest exchanges, and a turn costs the same in a long session as in one of forty turns.
MAX_ITEMS = 150
MAX_BYTES = 400_000


class LogWindow:
    """What is known of one log. Read once; later only what others have added."""

    def __init__(self, table: Table, partition: str) -> None:
        self._table = table
        self._partition = partition
        self._known = KnownLog()
        self._begins_after: int | None = None

    def add(self, events: list[Event]) -> None:
        """Take over events that were just written."""
        self._known.add(events)

    def read_on(self, session: AgentSession) -> None:
        """Read what is not known yet of the log: one query, none if all is known.

        A second one where the next message lies before the newest part, because so many
        came after it.
        """
        last = session.last_sequence
        if self._begins_after is None:
            window = newest_events(
                self._table, self._partition, last=last, max_items=MAX_ITEMS, max_bytes=MAX_BYTES
            )
            self._known.add(window)
            self._begins_after = window[0].sequence - 1 if window else last
        else:
            known = self._known.first_gap(last, after=self._begins_after)
            self._known.add(self._behind(known, last))
        if self._begins_after > session.answered_through:
            self._known.add(self._behind(session.answered_through, self._begins_after))

    def question(self, after: int) -> Event:
        """Return the first message behind a sequence. Raises :class:`LostTurn` without one."""
        found = self._known.next_input(after)
        if found is None:
            raise LostTurn
        return found

    def conversation(self, upto: int) -> tuple[ChatMessage, ...]:
        return self._known.conversation(upto)

    def _behind(self, after: int, last: int) -> list[Event]:
        return events_after(
            self._table, self._partition, after=after, last=last, max_bytes=MAX_BYTES
        )
