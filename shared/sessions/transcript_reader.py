"""Reads any session of an organisation as a transcript, and bounds what that may cost."""

from typing import Any
from uuid import UUID

from shared.core.errors import NotFound
from shared.core.ids import OrganizationId, SessionId
from shared.core.json import dumps
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


class TranscriptReader:
    """Reads transcripts: one Query for each megabyte, whatever the kind of session."""

    def __init__(
        self, table: Table, *, head_bytes: int = HEAD_BYTES, tail_bytes: int = TAIL_BYTES
    ) -> None:
        self._table = table
        self._head_bytes = head_bytes
        self._tail_bytes = tail_bytes

    def read(self, organization_id: OrganizationId, session_id: UUID) -> Transcript:
        """Read a session, the middle of an over-long one left out.

        Raises ``NotFound`` for a session that does not exist, is deleted, or belongs to
        another organisation.
        """
        partition = session_key(organization_id, SessionId(session_id)).partition
        session, head = self._read(partition, after=0, ascending=True, upto=self._head_bytes)
        tail: list[Event] = []
        if session is None and head:
            session, tail = self._read(
                partition, after=head[-1].sequence, ascending=False, upto=self._tail_bytes
            )
        if session is None or _deleted(session):
            raise NotFound("Session not found")
        return _transcript(session, head, tail)

    def _read(
        self, partition: str, *, after: int, ascending: bool, upto: int
    ) -> tuple[Record | None, list[Event]]:
        """Read events in order until there are ``upto`` bytes of them, and the session.

        The session's item sorts behind its events, so reading upwards meets it last, and
        knows then that it has met all events; reading downwards meets it first.
        """
        session: Record | None = None
        items: list[list[Event]] = []
        size = 0
        start = Key(partition, events_sort(after + 1))
        for record in self._table.query(start, upto=SESSION, ascending=ascending):
            if record.type == EVENTS:
                items.append(events_of(record))
                size += len(dumps(record.body))
                if size >= upto:
                    break
            elif record.key.sort == SESSION:
                session = record
        if not ascending:
            items.reverse()
        return session, [event for item in items for event in item]


def _deleted(session: Record) -> bool:
    """Tell whether a session is only kept so that its traces can be removed."""
    state: dict[str, Any] = session.body["state"]
    return bool(state.get("deleted_at") or state.get("deletedAt"))


def _transcript(session: Record, head: list[Event], tail: list[Event]) -> Transcript:
    fields, kind = common_fields(session), kind_of(session)
    last = fields["last_sequence"]
    # Events of an append that was written while the pages were read are left out.
    head, tail = ([e for e in events if e.sequence <= last] for events in (head, tail))
    recorder = TranscriptRecorder()
    entries_of(kind, head, recorder)
    gap_at = len(recorder.entries)
    entries_of(kind, tail, recorder)
    for entry in ending_of(kind, session.body["state"]):
        recorder.add(entry)
    read_upto = head[-1].sequence if head else 0
    return Transcript(
        kind=kind,
        tags=fields["tags"],
        agent=fields["agent"],
        entries=tuple(recorder.entries),
        events_left_out=(tail[0].sequence if tail else last + 1) - read_upto - 1,
        gap_at=gap_at,
    )
