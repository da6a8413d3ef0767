"""Session exports: any session of an organization as one text, read and written in parts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from shared.core.clock import Clock
from shared.core.errors import NotFound, TooLarge
from shared.core.ids import OrganizationId, SessionId, new_uuid
from shared.core.json import dumps
from shared.sessions.documents import common_fields, kind_of, session_key
from shared.sessions.domain import Session, SessionKind
from shared.sessions.exports.formats import ExportedSession, ExportFormat, Format
from shared.sessions.exports.writing import FORMATS
from shared.sessions.log_reading import events_after
from shared.storage.records import Record
from shared.storage.table import Table
from shared.storage.tombstones import is_tombstone

#: Bytes of events in one read: one request, and the memory that a part of an export takes.
_PAGE_BYTES = 1_000_000
#: Bytes of an export in the response itself, as a string in the function's JSON.
MAX_INLINE_BYTES = 5_500_000
#: Time for which the link to a larger export can be used.
LINK_SECONDS = 900
#: Time of reading and writing: the gateway waits 29 seconds for a response.
MAX_SECONDS = 25

#: Fields of an exported session that all kinds share.
_COMMON = ("id", "created_at", "updated_at", "tags", "last_sequence")

#: Returns the fields of a session's kind, as arguments of ``ExportedSession``.
type Describe = Callable[[Table, Record], dict[str, Any]]


class Bucket(Protocol):
    """Port to the objects of large exports."""

    def write_parts(self, key: str, pieces: Iterable[str], media_type: str) -> None:
        """Store an object, whole or not at all."""

    def link(self, key: str, *, seconds: int, file_name: str) -> str:
        """Return a URL of an object that expires."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """An exported session: its text, or a URL of it until ``expires_at``."""

    media_type: str
    file_name: str
    text: str = ""
    url: str | None = None
    expires_at: datetime | None = None

    @property
    def file(self) -> tuple[str, str, str]:
        """Text, media type and file name."""
        return self.text, self.media_type, self.file_name


class SessionExports:
    """Use case of exports; ``describe`` has the kinds of sessions that it exports."""

    def __init__(
        self,
        table: Table,
        describe: Mapping[SessionKind, Describe],
        bucket: Callable[[], Bucket],
        clock: Clock,
    ) -> None:
        self._table = table
        self._describe = describe
        self._bucket = bucket
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
        head, is_whole = _head(pieces)
        name = f"{session_id}.{writer.extension}"
        if is_whole:
            return Export(media_type=writer.media_type, file_name=name, text="".join(head))
        key = f"exports/{organization_id}/{session_id}/{new_uuid()}.{writer.extension}"
        bucket = self._bucket()
        bucket.write_parts(key, _chain(head, pieces), writer.media_type)
        return Export(
            media_type=writer.media_type,
            file_name=name,
            url=bucket.link(key, seconds=LINK_SECONDS, file_name=name),
            expires_at=self._clock() + timedelta(seconds=LINK_SECONDS),
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


def _head(pieces: Iterator[str]) -> tuple[list[str], bool]:
    """Return the first pieces, and whether they are all and fit into a response."""
    found: list[str] = []
    left = MAX_INLINE_BYTES
    for piece in pieces:
        found.append(piece)
        left -= len(dumps(piece).encode())
        if left < 0:
            return found, False
    return found, True


def _chain(head: list[str], rest: Iterator[str]) -> Iterator[str]:
    yield from head
    yield from rest
