"""Reads any session of an organisation as a transcript, and bounds what that may cost."""

from dataclasses import dataclass, field
from uuid import UUID

from shared.core.errors import NotFound
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.deletion import is_deleted
from shared.sessions.documents import (
    EVENTS,
    SESSION,
    common_fields,
    events_sort,
    kind_of,
    session_key,
)
from shared.sessions.event_items import events_of
from shared.sessions.models import Event
from shared.sessions.transcript import Transcript
from shared.sessions.transcript_recorder import TranscriptRecorder
from shared.sessions.transcript_sources import ending_of, entries_of
from shared.storage.records import Key, Record
from shared.storage.table import Table

#: Bytes of events read from the beginning of a session and, if that is not all, from its
#: end: as Python objects they take several times as much, and a function has 512 MB.
HEAD_BYTES = 8_000_000
TAIL_BYTES = 2_000_000


@dataclass(slots=True)
class _Part:
    """What one way through a log has met: its events by sequence, and the session's item.

    ``cut`` where it ended for its size, and not with the log.
    """

    events: dict[int, Event] = field(default_factory=dict)
    session: Record | None = None
    cut: bool = False

    def upto(self, last: int) -> list[Event]:
        """Return the events in order, without those that were appended after ``last``."""
        return [self.events[place] for place in sorted(self.events) if place <= last]


class TranscriptReader:
    """Reads transcripts: one Query for each megabyte, whatever the kind of session."""

    def __init__(
        self, table: Table, *, head_bytes: int = HEAD_BYTES, tail_bytes: int = TAIL_BYTES
    ) -> None:
        self._table = table
        self._head_bytes = head_bytes
        self._tail_bytes = tail_bytes

    def read(self, organization_id: OrganizationId, session_id: UUID) -> Transcript:
        """Read a session as of one moment, the middle of an over-long one left out.

        What is appended between two pages is told whole or not at all; of a session that is
        deleted then, nothing is told. Raises ``NotFound`` for a session that does not exist,
        is deleted, or belongs to another organisation.
        """
        partition = session_key(organization_id, SessionId(session_id)).partition
        head = self._read(partition, after=0, ascending=True, upto=self._head_bytes)
        tail = _Part()
        session, seen = head.session, max(head.events, default=0)
        if head.cut or _last_sequence(session) > seen:
            # Over-long; or appended to when its events had been read, and its item had not.
            tail = self._read(partition, after=seen, ascending=False, upto=self._tail_bytes)
            session = tail.session
        if session is None or is_deleted(session):
            raise NotFound("Session not found")
        last = _last_sequence(session)
        head_events, tail_events = head.upto(last), tail.upto(last)
        left_out = last - len(head_events) - len(tail_events)
        if left_out and not tail.cut:
            # Only what is deleted leaves a log, and it leaves it in the background.
            raise NotFound("Session not found")
        return _transcript(session, head_events, tail_events, left_out)

    def _read(self, partition: str, *, after: int, ascending: bool, upto: int) -> _Part:
        """Read events in order until there are ``upto`` bytes of them, and the session.

        The session's item sorts behind its events. Reading upwards meets it last: when it is
        not deleted then, nothing was missing before. Reading downwards meets it first, and
        it says up to where the log went.
        """
        part = _Part()
        size = 0
        start = Key(partition, events_sort(after + 1))
        for record in self._table.query(start, upto=SESSION, ascending=ascending):
            if record.type == EVENTS:
                part.events |= {event.sequence: event for event in events_of(record)}
                size += record.size
                if size >= upto:
                    part.cut = True
                    break
            elif record.key.sort == SESSION:
                part.session = record
        return part


def _last_sequence(session: Record | None) -> int:
    """Return up to where a session's log goes; of a tombstone there is none."""
    return session.body.get("last_sequence", 0) if session else 0


def _transcript(session: Record, head: list[Event], tail: list[Event], left_out: int) -> Transcript:
    fields, kind = common_fields(session), kind_of(session)
    recorder = TranscriptRecorder()
    entries_of(kind, head, recorder)
    gap_at = len(recorder.entries)
    entries_of(kind, tail, recorder)
    for entry in ending_of(kind, session.body["state"]):
        recorder.add(entry)
    return Transcript(
        kind=kind,
        tags=fields["tags"],
        agent=fields["agent"],
        entries=tuple(recorder.entries),
        events_left_out=left_out,
        gap_at=gap_at,
    )
