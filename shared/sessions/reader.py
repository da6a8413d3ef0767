"""Session reader: sessions of one kind and their logs."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from shared.core.errors import NotFound
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.documents import EVENTS, SESSION, events_sort, session_key
from shared.sessions.domain import Event, Session
from shared.sessions.event_documents import MAX_EVENTS_PER_ITEM, events_of
from shared.sessions.log_reading import events_after
from shared.sessions.rewriting import ORIGINAL_EVENT, original_of
from shared.storage.records import Key, Record
from shared.storage.repository import Loaded, Repository

#: Above the size of any log.
_ALL_BYTES = 1 << 62


@dataclass(slots=True)
class _Log:
    """Events by sequence, and the first form of those that were rewritten.

    By sequence, because an item that is divided between two pages returns some events twice,
    and what was read last is what is stored now.
    """

    events: dict[int, Event] = field(default_factory=dict)
    originals: dict[int, dict[str, object]] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        if record.type == EVENTS:
            self.events |= {event.sequence: event for event in events_of(record)}
        elif record.type == ORIGINAL_EVENT:
            sequence, data = original_of(record)
            self.originals[sequence] = data

    def slice(self, first: int, last: int, *, original: bool) -> list[Event]:
        found = [self.events[place] for place in sorted(self.events) if first <= place <= last]
        if not original:
            return found
        return [replace(e, data=self.originals.get(e.sequence, e.data)) for e in found]


class SessionReader[S: Session](Repository[S, SessionId]):
    """Sessions of one kind, read with or without their events."""

    def get_many(
        self, organization_id: OrganizationId, session_ids: Iterable[SessionId]
    ) -> dict[SessionId, S]:
        """Return sessions by id, 100 a request; those that do not exist are left out."""
        found = self.load_many(organization_id, session_ids)
        return {identifier: loaded.entity for identifier, loaded in found.items()}

    def read(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        *,
        after: int = 0,
        upto: int | None = None,
        original: bool = False,
    ) -> tuple[S, list[Event]]:
        """Return a session and its events behind a sequence, each once, without a gap.

        One request for each megabyte, and one for each part of a fork's log. A turn that is
        rewritten while pages are read may be returned as it was before. ``upto`` is the last
        sequence wanted; with ``original``, rewritten events are returned as they were recorded
        first. Raises ``NotFound``.
        """
        after = max(0, after)
        first = max(1, after + 2 - MAX_EVENTS_PER_ITEM)
        key = session_key(organization_id, session_id)
        log = _Log()
        session: S | None = None
        for record in self.table.query(Key(key.partition, events_sort(first)), upto=SESSION):
            log.add(record)
            if record.key.sort == SESSION and self.owns(record):
                session = self.codec.from_record(record)
        if session is None:
            raise NotFound("Session not found")
        seen = max(log.events, default=max(after, session.inherited))
        if seen < session.last_sequence:
            # An append was written between the reads of the events and of the session.
            missed = Key(key.partition, events_sort(seen + 1))
            for record in self.table.query(missed, upto=events_sort(session.last_sequence)):
                log.add(record)
        last = session.last_sequence if upto is None else min(upto, session.last_sequence)
        events = log.slice(max(after, session.inherited) + 1, last, original=original)
        return session, self._inherited(session, after, last) + events

    def _inherited(self, session: S, after: int, last: int) -> list[Event]:
        """Return the events of a fork's log that other sessions store. Raises ``NotFound``."""
        last = min(last, session.inherited)
        events = events_after(self.table, session, after=after, last=last, max_bytes=_ALL_BYTES)
        if len(events) < last - after:
            raise NotFound("Session not found")  # deleted since it was read
        return events

    def read_part(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        *,
        after: int,
        max_bytes: int,
        max_items: int | None = None,
    ) -> tuple[Loaded[S], list[Event]]:
        """Return a session and the events behind a sequence, about ``max_bytes`` of them.

        At most those of ``max_items`` that were written together.

        One request where there are none, else one more for each megabyte (and one where
        ``after`` is amid events written together). Raises ``NotFound``.
        """
        loaded = self.load(organization_id, session_id)
        last = loaded.entity.last_sequence
        events = events_after(
            self.table,
            loaded.entity,
            after=after,
            last=last,
            max_bytes=max_bytes,
            max_items=max_items,
        )
        return loaded, events
