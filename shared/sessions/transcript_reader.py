"""Transcript reader: any session of an organization as a transcript, at bounded cost."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from shared.core.errors import NotFound
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.documents import (
    EVENTS,
    SESSION,
    common_fields,
    events_sort,
    kind_of,
    session_key,
)
from shared.sessions.domain import Event, Session
from shared.sessions.event_documents import events_of
from shared.sessions.log_reading import events_after, newest_events
from shared.sessions.transcript import Transcript
from shared.sessions.transcript_recorder import TranscriptRecorder
from shared.sessions.transcript_source import TranscriptSource
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.tombstones import SEGMENTS, is_tombstone

#: Bytes of events read from the start of a session and, if more follow, from its end: as
#: Python objects they take several times as much, and a function has 512 MB.
HEAD_BYTES = 8_000_000
TAIL_BYTES = 2_000_000
_ALL_ITEMS = 1_000_000


@dataclass(slots=True)
class _Part:
    """Result of one pass over a log: its events by sequence, and the session's record.

    ``cut`` is set if the pass ended at its size limit.
    """

    events: dict[int, Event] = field(default_factory=dict)
    session: Record | None = None
    cut: bool = False

    def until(self, last: int) -> list[Event]:
        """Return the events in order, without those appended after ``last``."""
        return [self.events[number] for number in sorted(self.events) if number <= last]


class TranscriptReader:
    """Reads transcripts of the kinds that its sources declare: one query per megabyte."""

    def __init__(
        self,
        table: Table,
        sources: Iterable[TranscriptSource],
        *,
        head_bytes: int = HEAD_BYTES,
        tail_bytes: int = TAIL_BYTES,
    ) -> None:
        self._table = table
        self._sources = {source.kind: source for source in sources}
        self._head_bytes = head_bytes
        self._tail_bytes = tail_bytes

    def read(self, organization_id: OrganizationId, session_id: UUID) -> Transcript:
        """Read a session as of one moment, without the middle of an over-long one.

        An append between two pages is read whole or not at all. Raises ``NotFound`` for a
        session that does not exist, is deleted (also between two pages), or belongs to
        another organization.
        """
        partition = session_key(organization_id, SessionId(session_id)).partition
        head = self._read(partition, after=0, ascending=True, limit=self._head_bytes)
        tail = _Part()
        session, seen = head.session, max(head.events, default=0)
        if head.cut or _last_sequence(session) > seen:
            # Over-long, or appended to after its events and before its record were read.
            tail = self._read(partition, after=seen, ascending=False, limit=self._tail_bytes)
            session = tail.session
        if session is None or is_tombstone(session):
            raise NotFound("Session not found")
        if SEGMENTS in session.body:
            return self._read_fork(session)
        last = _last_sequence(session)
        head_events, tail_events = head.until(last), tail.until(last)
        left_out = last - len(head_events) - len(tail_events)
        if left_out and not tail.cut:
            # Events are missing only if the session was deleted: they are purged afterwards.
            raise NotFound("Session not found")
        return self._transcript(session, head_events, tail_events, left_out)

    def _read_fork(self, record: Record) -> Transcript:
        """Read a fork, whose log begins in other partitions, as of the moment of its record."""
        session = Session(**common_fields(record))
        last = session.last_sequence
        head = events_after(self._table, session, after=0, last=last, max_bytes=self._head_bytes)
        tail = newest_events(
            self._table,
            session,
            after=len(head),
            last=last,
            max_items=_ALL_ITEMS,
            max_bytes=self._tail_bytes,
        )
        newest = next(iter(self._table.query(record.key, upto=SESSION)), None)
        if newest is None or is_tombstone(newest):
            raise NotFound("Session not found")
        return self._transcript(record, head, tail, last - len(head) - len(tail))

    def _read(self, partition: str, *, after: int, ascending: bool, limit: int) -> _Part:
        """Read events in order, up to ``limit`` bytes, and the session's record.

        The session's record sorts behind its events. An ascending read returns it last: if
        it is not deleted then, no event was missing before. A descending read returns it
        first, with the last sequence of the log.
        """
        part = _Part()
        size = 0
        start = Key(partition, events_sort(after + 1))
        for record in self._table.query(start, upto=SESSION, ascending=ascending):
            if record.type == EVENTS:
                part.events |= {event.sequence: event for event in events_of(record)}
                size += record.size
                if size >= limit:
                    part.cut = True
                    break
            elif record.key.sort == SESSION:
                part.session = record
        return part

    def _transcript(
        self, session: Record, head: list[Event], tail: list[Event], left_out: int
    ) -> Transcript:
        fields, kind = common_fields(session), kind_of(session)
        source = self._sources[kind]
        recorder = TranscriptRecorder()
        source.record(head, recorder)
        gap_at = len(recorder.entries)
        source.record(tail, recorder)
        for entry in source.ending(session.body["state"]):
            recorder.add(entry)
        return Transcript(
            kind=kind,
            tags=fields["tags"],
            agent=fields["agent"],
            entries=tuple(recorder.entries),
            events_left_out=left_out,
            gap_at=gap_at,
        )


def _last_sequence(session: Record | None) -> int:
    """Return the last sequence of a session's log; 0 for a tombstone."""
    return session.body.get("last_sequence", 0) if session else 0
