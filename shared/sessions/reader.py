"""Reading sessions of one kind, and their logs."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.core.clock import Clock, system_clock
from shared.core.errors import NotFound
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.deletion import is_deleted
from shared.sessions.documents import (
    EVENTS,
    SESSION,
    SessionCodec,
    events_sort,
    from_record,
    session_key,
)
from shared.sessions.event_items import MAX_EVENTS_PER_ITEM, events_of
from shared.sessions.log_reading import events_after
from shared.sessions.models import Event, Session
from shared.storage.records import Key, Record
from shared.storage.table import Table


@dataclass(frozen=True, slots=True)
class Held[S]:
    """A session as a writer knows it: its next append needs no read before it."""

    session: S
    record: Record


class SessionReader[S: Session]:
    """The sessions of one kind, as they are read."""

    def __init__(self, table: Table, codec: SessionCodec[S], clock: Clock = system_clock) -> None:
        self.table = table
        self.codec = codec
        self.clock = clock

    def get(self, organization_id: OrganizationId, session_id: SessionId) -> S:
        """Read a session: one request. Raises ``NotFound``, also for another kind."""
        return self.hold(organization_id, session_id).session

    def hold(self, organization_id: OrganizationId, session_id: SessionId) -> Held[S]:
        """Read a session to append to: one request. Raises as :meth:`get`."""
        record = self.record(organization_id, session_id)
        return Held(from_record(self.codec, record), record)

    def get_many(
        self, organization_id: OrganizationId, session_ids: Iterable[SessionId]
    ) -> dict[SessionId, S]:
        """Read sessions by id, 100 a request; those that do not exist are left out."""
        keys = [session_key(organization_id, session_id) for session_id in session_ids]
        found = [
            from_record(self.codec, record)
            for record in self.table.get_many(keys).values()
            if self.is_own(record)
        ]
        return {session.id: session for session in found}

    def read(
        self, organization_id: OrganizationId, session_id: SessionId, *, after: int = 0
    ) -> tuple[S, list[Event]]:
        """Read a session and its events behind a sequence, each once, without a gap.

        One request for each megabyte. A turn that is recorded anew while pages are read may
        be told as it was before. Raises ``NotFound``.
        """
        after = max(0, after)
        first = max(1, after + 2 - MAX_EVENTS_PER_ITEM)
        key = session_key(organization_id, session_id)
        # By place: an item that is divided between two pages brings some events twice, and
        # what was read last is what is stored now.
        events: dict[int, Event] = {}
        session: S | None = None
        for record in self.table.query(Key(key.partition, events_sort(first)), upto=SESSION):
            if record.type == EVENTS:
                events |= _by_place(record)
            elif self.is_own(record):
                session = from_record(self.codec, record)
        if session is None:
            raise NotFound("Session not found")
        seen = max(events, default=after)
        if seen < session.last_sequence:
            # An append was written between the reading of the events and of the session.
            missed = Key(key.partition, events_sort(seen + 1))
            for record in self.table.query(missed, upto=events_sort(session.last_sequence)):
                events |= _by_place(record)
        wanted = range(after + 1, session.last_sequence + 1)
        return session, [events[place] for place in sorted(events) if place in wanted]

    def read_part(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        *,
        after: int,
        max_bytes: int,
    ) -> tuple[Held[S], list[Event]]:
        """Read a session and the events behind a sequence, about ``max_bytes`` of them.

        One request where there are none, else one more for each megabyte (and one where
        ``after`` is amid events written together). Raises ``NotFound``.
        """
        held = self.hold(organization_id, session_id)
        last = held.session.last_sequence
        partition = held.record.key.partition
        return held, events_after(
            self.table, partition, after=after, last=last, max_bytes=max_bytes
        )

    def record(self, organization_id: OrganizationId, session_id: SessionId) -> Record:
        """Read the item of a session: one request. Raises ``NotFound``."""
        record = self.table.get(session_key(organization_id, session_id))
        if record is None or not self.is_own(record):
            raise NotFound("Session not found")
        return record

    def is_own(self, record: Record) -> bool:
        """Tell whether an item is a session of this kind that is not deleted."""
        return record.type == f"{self.codec.kind}_session" and not is_deleted(record)


def _by_place(item: Record) -> dict[int, Event]:
    return {event.sequence: event for event in events_of(item)}
