"""Where sessions of all kinds are kept: one partition each, one transaction an append.

A session and its events share a partition. Events written together are stored together,
in the same transaction as the session that counts them: no reader meets one without the
other, and an append costs two items, however many events it brings.
"""

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from shared.core.clock import Clock, system_clock
from shared.core.errors import (
    Conflict,
    DomainError,
    NotFound,
    PreconditionFailed,
    Unavailable,
)
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.appending import append_actions, place, stored_after
from shared.sessions.documents import (
    EVENTS,
    MAX_EVENTS_PER_ITEM,
    SESSION,
    SessionCodec,
    event_from_document,
    events_sort,
    from_record,
    session_key,
    to_record,
)
from shared.sessions.models import Event, NewEvent, Session
from shared.sessions.receipts import receipt_among, receipt_key, span_of
from shared.storage.idempotency import Idempotency
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.transactions import (
    Action,
    Create,
    Refused,
    Replace,
    transact,
    transact_patiently,
)

#: Tries of an append that meets other writers, each with the newest session in hand. The
#: waiting between them grows to 0.2 seconds: 4 in all, less than half a function's time.
_ATTEMPTS = 40

type Change[S] = Callable[[S], tuple[S, list[NewEvent]]]


@dataclass(frozen=True, slots=True)
class Opened[S]:
    """A session, and whether an earlier request had opened it."""

    session: S
    replayed: bool


@dataclass(frozen=True, slots=True)
class Appended[S]:
    """A session after an append, and what was added to its log."""

    session: S
    events: list[Event]
    replayed: bool = False


class SessionStore[S: Session]:
    """The sessions of one kind."""

    def __init__(self, table: Table, codec: SessionCodec[S], clock: Clock = system_clock) -> None:
        self.table = table
        self._codec = codec
        self._clock = clock

    def open(
        self, session: S, idempotency: Idempotency | None = None, also: list[Record] | None = None
    ) -> Opened[S]:
        """Store a new session: one request.

        ``also`` are further items that must not exist yet and are written with it, or
        not at all; one that does exist raises :class:`Refused`.
        """
        record = to_record(self._codec, session)
        if not also:
            created = self.table.create(record, idempotency)
            return Opened(from_record(self._codec, created.record), created.replayed)
        if idempotency is not None:
            record = replace(record, fingerprint=idempotency.fingerprint)
        try:
            transact_patiently(self.table, [Create(record), *map(Create, also)])
        except Refused as refused:
            existing = refused.existing.get(0)
            if existing is None or idempotency is None:
                raise
            idempotency.check(existing.fingerprint)
            return Opened(from_record(self._codec, existing.as_created()), replayed=True)
        return Opened(session, replayed=False)

    def opened_before(
        self, organization_id: OrganizationId, session_id: SessionId, idempotency: Idempotency
    ) -> Opened[S] | None:
        """Return what :meth:`open` answered to the same request, or None: one request.

        For a create that is refused before it comes to :meth:`open`: it may be the replay
        of one that was accepted. Raises ``Unprocessable`` when the payload was another.
        """
        record = self.table.get(session_key(organization_id, session_id))
        if record is None or not self._is_own(record):
            return None
        idempotency.check(record.fingerprint)
        return Opened(from_record(self._codec, record.as_created()), replayed=True)

    def get(self, organization_id: OrganizationId, session_id: SessionId) -> S:
        """Read a session: one request. Raises ``NotFound``, also for another kind."""
        return from_record(self._codec, self._record(organization_id, session_id))

    def get_many(
        self, organization_id: OrganizationId, session_ids: Iterable[SessionId]
    ) -> dict[SessionId, S]:
        """Read sessions by id, 100 a request; those that do not exist are left out."""
        keys = [session_key(organization_id, session_id) for session_id in session_ids]
        found = [
            from_record(self._codec, record)
            for record in self.table.get_many(keys).values()
            if self._is_own(record)
        ]
        return {session.id: session for session in found}

    def read(
        self, organization_id: OrganizationId, session_id: SessionId, *, after: int = 0
    ) -> tuple[S, list[Event]]:
        """Read a session and its events behind a sequence, as of one moment.

        One request for each megabyte. Raises ``NotFound``.
        """
        after = max(0, after)
        first = max(1, after + 2 - MAX_EVENTS_PER_ITEM)
        key = session_key(organization_id, session_id)
        events: list[Event] = []
        session: S | None = None
        for record in self.table.query(Key(key.partition, events_sort(first)), upto=SESSION):
            if record.type == EVENTS:
                events += map(event_from_document, record.body["events"])
            elif self._is_own(record):
                session = from_record(self._codec, record)
        if session is None:
            raise NotFound("Session not found")
        seen = events[-1].sequence if events else after
        if seen < session.last_sequence:
            # An append was written between the reading of the events and of the session.
            missed = Key(key.partition, events_sort(seen + 1))
            for record in self.table.query(missed, upto=events_sort(session.last_sequence)):
                events += map(event_from_document, record.body["events"])
        return session, [e for e in events if after < e.sequence <= session.last_sequence]

    def update(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        change: Callable[[S], S],
        *,
        expected_version: int | None = None,
    ) -> S:
        """Change a session: one read, one write.

        With ``expected_version`` a session at any other version raises
        ``PreconditionFailed``; without, a writer that comes between is waited for.
        """
        appended = self.append(
            organization_id,
            session_id,
            lambda session: (change(session), []),
            expected_version=expected_version,
        )
        return appended.session

    def append(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        change: Change[S],
        *,
        expected_version: int | None = None,
        idempotency: Idempotency | None = None,
        marks: dict[str, str] | None = None,
    ) -> Appended[S]:
        """Change a session and add events to its log: one read, one transaction.

        ``change`` gets the newest session and returns the changed one with the new
        events; it is called again when another writer came first, so it must be pure.
        ``marks`` go onto the items of the events, for the filters of the stream.
        Raises ``NotFound``, and what ``change`` raises.
        """
        current = self._record(organization_id, session_id)
        for attempt in range(_ATTEMPTS):
            session = from_record(self._codec, current)
            try:
                _expect(session, expected_version)
                changed, new = change(session)
            except DomainError:
                # What cannot be done now may have been done, by the first of two requests.
                earlier = self._receipt(current, idempotency)
                if replay := self._replay(session, earlier, idempotency):
                    return replay
                raise
            events = place(current, session, new, self._clock())
            stored = stored_after(session, changed, events)
            actions = append_actions(
                self._codec, current, stored, events, idempotency=idempotency, marks=marks or {}
            )
            try:
                self._write(actions)
            except Refused as refused:
                if replay := self._replay(session, receipt_among(refused.existing), idempotency):
                    return replay
                current = refused.existing.get(0) or self._record(organization_id, session_id)
            except Unavailable as busy:
                if busy.code != "busy":
                    raise
                current = self._record(organization_id, session_id)
            else:
                return Appended(stored, events)
            time.sleep(random.uniform(0, 0.005 * (attempt + 1)))  # noqa: S311  # jitter
        raise Conflict("Too many writers at this session at once; try again.")

    def _record(self, organization_id: OrganizationId, session_id: SessionId) -> Record:
        record = self.table.get(session_key(organization_id, session_id))
        if record is None or not self._is_own(record):
            raise NotFound("Session not found")
        return record

    def _is_own(self, record: Record) -> bool:
        return record.type == f"{self._codec.kind}_session"

    def _write(self, actions: list[Action]) -> None:
        """Write one item by a put, which costs half, and several by a transaction."""
        if len(actions) > 1 or not isinstance(actions[0], Replace):
            transact(self.table, actions)
            return
        action = actions[0]
        try:
            self.table.replace(action.record, expected_version=action.expected_version)
        except (PreconditionFailed, NotFound) as error:
            raise Refused({}) from error

    def _receipt(self, current: Record, idempotency: Idempotency | None) -> Record | None:
        if idempotency is None:
            return None
        return self.table.get(receipt_key(current.key.partition, idempotency))

    def _replay(
        self, session: S, receipt: Record | None, idempotency: Idempotency | None
    ) -> Appended[S] | None:
        """Return what the request of this receipt was answered, with the newest session."""
        if idempotency is None or receipt is None:
            return None
        idempotency.check(receipt.fingerprint)
        span = span_of(receipt)
        if span is None:
            return Appended(session, [], replayed=True)
        first, last = span
        newest, events = self.read(session.organization_id, session.id, after=first - 1)
        return Appended(newest, [e for e in events if e.sequence <= last], replayed=True)


def _expect(session: Session, version: int | None) -> None:
    if version is not None and session.version != version:
        raise PreconditionFailed("It was changed meanwhile; read it again and repeat.")
