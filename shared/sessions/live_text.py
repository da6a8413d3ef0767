"""Live text: the text of a model's answer while it is written, in an item beside the session.

The text is in no log. The function that runs the turn writes it, and deletes it when the answer
is stored. It writes only while a reader listens: a reader that waits writes an item that says so,
and that expires after 30 seconds.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

from shared.core.clock import Clock, moment, system_clock, timestamp
from shared.core.errors import DomainError, Throttled, Unavailable
from shared.core.ids import EventId, SessionId
from shared.core.json import valid_text
from shared.core.observability import logger
from shared.sessions.domain import is_within, offset_of
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.tombstones import is_tombstone

#: Sort keys. They sort behind those of the log and of the session, so that a query of these does
#: not read the text.
_TEXT, _LISTENER = "text#live", "text#listener"
#: Seconds between two looks, or two writes, of the function that runs the turn.
LOOK_INTERVAL = 1.0
#: Bytes a second that are written at most: a longer text is written less often, so that it
#: costs no more than eight write units a second.
BYTES_PER_SECOND = 8_000
#: Bytes of a text that is written at all. What follows is seen when the answer is in the log.
MAX_BYTES = 100_000
#: Seconds until an item expires, and left of a listener's at which it is renewed.
_TEXT_LIFETIME, _LISTENER_LIFETIME, _RENEWED_AT = 120, 30, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveText:
    """Text of an answer so far.

    Attributes
    ----------
    call
        The call of the model, as reader and writer name it. A text of another call than that
        of the newest session is out of date.
    started_at, at
        Begin of the call; time of this state of the text.
    """

    call: str
    started_at: datetime
    at: datetime
    text: str

    def seen(self, session_id: SessionId, identifier: EventId | None, newest: datetime) -> int:
        """Return the characters of this text that a reader has seen, by the last id it got.

        0 unless the id is one of this text; ``newest`` is the time of the session's last event.
        """
        if identifier is None or not is_within(
            identifier, self.started_at, max(self.started_at, newest)
        ):
            return 0
        return offset_of(session_id, identifier)


def write_interval(text: str) -> float:
    """Return the seconds between two writes of a text: they grow with it."""
    return max(LOOK_INTERVAL, len(text.encode(errors="replace")) / BYTES_PER_SECOND)


class LiveTextWriter:
    """Takes the text of one model call as it grows, as ``ModelRequest.on_text``.

    No request in the first second of a call. Then one read a second, at one read unit for a
    session of up to 4 KB; one write more if somebody listens, and one read and one delete at the
    end of a text that was written. ``check`` gets the session's record as read, which may be
    older than the newest; what it raises stops the model's stream. A failure of the table does
    not.
    """

    def __init__(
        self,
        table: Table,
        session: Key,
        call: str,
        check: Callable[[Record], None],
        *,
        clock: Clock = system_clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._table = table
        self._session = session
        self._call = call
        self._check = check
        self._clock = clock
        self._monotonic = monotonic
        self._started_at = clock()
        self._look_at = self._write_at = monotonic() + LOOK_INTERVAL
        self._written = ""

    def __call__(self, text: str) -> None:
        now = self._monotonic()
        if now < self._look_at:
            return
        self._look_at = now + LOOK_INTERVAL
        listener = _key(self._session, _LISTENER)
        try:
            found = self._table.get_many([self._session, listener], consistent=False)
        except DomainError as failed:
            logger.warning("live text was not written", extra={"reason": failed.message})
            return
        if session := found.get(self._session):
            self._check(session)
        if listener in found and now >= self._write_at:
            self._write(valid_text(text))
            self._write_at = now + write_interval(text)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Remove the text: from now on the log has the answer, or there is none.

        The text of another call stays: a run that was cancelled may end after the next began.
        """
        if self._written:
            key = _key(self._session, _TEXT)
            try:
                found = self._table.get(key)
                if found is not None and found.body["call"] == self._call:
                    self._table.delete(key)
            except DomainError as failed:
                logger.warning("live text was not removed", extra={"reason": failed.message})

    def _write(self, text: str) -> None:
        if text == self._written or len(text.encode()) > MAX_BYTES:
            return
        body = {
            "call": self._call,
            "started_at": timestamp(self._started_at),
            "at": timestamp(self._clock()),
            "text": text,
        }
        record = Record(
            key=_key(self._session, _TEXT),
            type="live_text",
            body=body,
            expires_at=self._table.now() + _TEXT_LIFETIME,
        )
        try:
            self._table.put(record)
        except DomainError as failed:
            logger.warning("live text was not written", extra={"reason": failed.message})
            return
        self._written = text


class LiveTextReader:
    """Reads a session and its live text, again and again, for one request that waits."""

    def __init__(
        self, table: Table, session: Key, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._table = table
        self._session = session
        self._monotonic = monotonic
        self._renew_at = self._text_at = monotonic()

    def look(self, *, with_text: bool) -> tuple[Record | None, LiveText | None]:
        """Return the session's record, which may be older than the newest, and its live text.

        One read, eventually consistent. ``with_text`` also reads the text, no more often than
        it is written, and says that somebody listens: one write in ten seconds. None instead
        of a text that does not exist or is not due, and of both if the table does not answer:
        a reader that waits looks again.
        """
        now = self._monotonic()
        text, listener = _key(self._session, _TEXT), _key(self._session, _LISTENER)
        keys = [self._session]
        is_due = with_text and now >= self._renew_at
        keys += [text] if with_text and now >= self._text_at else []
        keys += [listener] if is_due else []
        try:
            found = self._table.get_many(keys, consistent=False)
        except (Throttled, Unavailable) as failed:
            logger.warning("live text was not read", extra={"reason": failed.message})
            return None, None
        session = found.get(self._session)
        if is_due and session is not None and not is_tombstone(session):
            self._renew(found.get(listener), now)
        live = _from_record(found[text]) if text in found else None
        if live is not None:
            self._text_at = now + write_interval(live.text)
        return session, live

    def _renew(self, listener: Record | None, now: float) -> None:
        left = (listener.expires_at or 0) - self._table.now() if listener else 0
        if left <= _RENEWED_AT:
            left = _LISTENER_LIFETIME
            expires_at = self._table.now() + left
            key = _key(self._session, _LISTENER)
            try:
                self._table.put(Record(key=key, type="listener", body={}, expires_at=expires_at))
            except (Throttled, Unavailable) as failed:
                logger.warning("listener was not renewed", extra={"reason": failed.message})
                self._renew_at = now + LOOK_INTERVAL
                return
        self._renew_at = now + left - _RENEWED_AT


def _key(session: Key, sort: str) -> Key:
    return Key(session.partition, sort)


def _from_record(record: Record) -> LiveText:
    body = record.body
    return LiveText(
        call=body["call"],
        started_at=moment(body["started_at"]),
        at=moment(body["at"]),
        text=body["text"],
    )
