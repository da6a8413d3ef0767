"""Session exports: any session of an organization as one text, read and written in parts."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from shared.core.clock import Clock
from shared.core.errors import NotFound, TooLarge
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.documents import common_fields, kind_of, session_key
from shared.sessions.domain import Session, SessionKind
from shared.sessions.exports.delivery import Delivery, Export
from shared.sessions.exports.formats import ExportedSession, ExportFormat, Format
from shared.sessions.exports.writing import FORMATS
from shared.sessions.log_reading import events_after
from shared.storage.records import Record
from shared.storage.table import Table
from shared.storage.tombstones import is_tombstone

#: Bytes of events in one read: one request, and the memory that a part of an export takes.
_PAGE_BYTES = 1_000_000
#: Time of reading and writing: the gateway waits 29 seconds for a response.
MAX_SECONDS = 25

#: Fields of an exported session that all kinds share.
_COMMON = ("id", "created_at", "updated_at", "tags", "last_sequence")

#: Returns the fields of a session's kind, as arguments of ``ExportedSession``.
type Describe = Callable[[Table, Record], dict[str, Any]]


class SessionExports:
    """Use case of exports; ``describe`` has the kinds of sessions that it exports."""

    def __init__(
        self,
        table: Table,
        describe: Mapping[SessionKind, Describe],
        delivery: Delivery,
        clock: Clock,
    ) -> None:
        self._table = table
        self._describe = describe
        self._delivery = delivery
        self._clock = clock

    def export(
        self, organization_id: OrganizationId, session_id: SessionId, form: ExportFormat
    ) -> Export:
        """Return a session with its log as it is now: one request for each megabyte.

        What is appended meanwhile is not part of it. A text that no response could hold goes
        into the bucket. Raises ``NotFound`` for a session that does not exist or is deleted
        meanwhile, ``TooLarge`` for one that takes longer than a request may.
        """
        record = self._table.get(session_key(organization_id, session_id))
        if record is None or is_tombstone(record):
            raise NotFound("Session not found")
        kind = kind_of(record)
        own = self._describe[kind](self._table, record)
        fields = common_fields(record)
        common = {name: fields[name] for name in _COMMON}
        session = ExportedSession(kind=kind, **common, **own)
        writer = FORMATS[form](session)
        pieces = self._pieces(Session(**fields), writer)
        return self._delivery.deliver(
            organization_id,
            str(session_id),
            pieces,
            media_type=writer.media_type,
            extension=writer.extension,
        )

    def _pieces(self, session: Session, writer: Format) -> Iterator[str]:
        last, seen = session.last_sequence, 0
        due = self._clock() + timedelta(seconds=MAX_SECONDS)
        yield writer.begin()
        while seen < last:
            if self._clock() > due:
                raise TooLarge("session: is too large to be exported at once; list its events.")
            events = events_after(
                self._table, session, after=seen, last=last, max_bytes=_PAGE_BYTES
            )
            numbers = [event.sequence for event in events]
            if not events or numbers != list(range(seen + 1, seen + len(events) + 1)):
                # Events are missing only if the session was deleted: they are purged afterwards.
                raise NotFound("Session not found")
            seen = numbers[-1]
            yield writer.events(events)
        yield writer.end()
