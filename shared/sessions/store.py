"""Where sessions of all kinds are kept: one partition each, one transaction an append.

A session and its events share a partition. Events written together are stored together,
in the same transaction as the session that counts them: no reader meets one without the
other, and an append costs two items, however many events it brings.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.core.backoff import CROWDED
from shared.core.errors import Busy, Conflict, DomainError, NotFound, PreconditionFailed
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.appending import Also, Append, Change, Marks, expect, planned
from shared.sessions.deletion import KEPT_FOR, is_deleted, tombstone
from shared.sessions.documents import (
    common_fields,
    from_record,
    session_key,
    to_record,
)
from shared.sessions.models import Event, Session
from shared.sessions.reader import Held, SessionReader
from shared.sessions.receipts import receipt_among, receipt_key, span_of
from shared.storage.idempotency import Idempotency
from shared.storage.records import Record
from shared.storage.transactions import (
    Action,
    Create,
    Refused,
    Replace,
    create_together,
    transact,
)

_TOO_MANY = "Too many writers at this session at once; try again."


@dataclass(frozen=True, slots=True)
class Opened[S]:
    """A session, and whether an earlier request had opened it."""

    session: S
    replayed: bool


@dataclass(frozen=True, slots=True)
class Appended[S]:
    """A session after an append, and what was added to its log.

    ``held`` lets the same writer append again; a replay has none.
    """

    session: S
    events: list[Event]
    replayed: bool = False
    held: Held[S] | None = None


class SessionStore[S: Session](SessionReader[S]):
    """The sessions of one kind: opened, changed, appended to, deleted."""

    def open(
        self,
        session: S,
        idempotency: Idempotency | None = None,
        also: Sequence[Record | Action] | None = None,
    ) -> Opened[S]:
        """Store a new session: one request.

        ``also`` is written with it, or not at all: actions, and items that must not exist
        yet; one that does exist raises :class:`Refused`. Raises ``Conflict`` when the
        session that the key has opened is deleted.
        """
        record = to_record(self.codec, session)
        if also:
            actions = [Create(one) if isinstance(one, Record) else one for one in also]
            created = create_together(self.table, record, actions, idempotency)
        else:
            created = self.table.create(record, idempotency)
        return Opened(self._remaining(created.record), created.replayed)

    def opened_before(
        self, organization_id: OrganizationId, session_id: SessionId, idempotency: Idempotency
    ) -> Opened[S] | None:
        """Return what :meth:`open` answered to the same request, or None: one request.

        For a create that is refused before it comes to :meth:`open`: it may be the replay
        of one that was accepted. Raises ``Unprocessable`` when the payload was another.
        """
        record = self.table.get(session_key(organization_id, session_id))
        if record is None or not self.is_own(record):
            return None
        idempotency.check(record.fingerprint)
        return Opened(from_record(self.codec, record.as_created()), replayed=True)

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
        marks: Marks[S] | None = None,
        held: Held[S] | None = None,
        also: Also[S] = (),
    ) -> Appended[S]:
        """Change a session and add events to its log: one read, one transaction.

        ``change`` gets the newest session and returns the changed one with the new
        events; it is called again when another writer came first, so it must be pure. What
        it raises passes through: so a writer whose time is over writes nothing.
        ``marks`` go onto the items of the events, for the filters of the stream; they may
        depend on the changed session. With ``held`` the read is saved. ``also`` is written
        in the same transaction; where only that is refused, :class:`Refused` is raised. A
        request under an ``idempotency`` key is answered as the first time for 30 days.
        Raises ``NotFound``, and what ``change`` raises.
        """
        asked = Append(
            change=change,
            expected_version=expected_version,
            idempotency=idempotency,
            marks=marks,
            also=also,
        )
        current = held.record if held else self.record(organization_id, session_id)
        for _ in CROWDED.attempts(self.table.sleep):
            outcome = self._tried(current, asked)
            if isinstance(outcome, Appended):
                return outcome
            current = outcome
        raise Conflict(_TOO_MANY)

    def delete(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        *,
        expected_version: int | None = None,
        also: Callable[[S], Sequence[Action]] = lambda _: (),
    ) -> S:
        """Delete a session at once for every reader: one read, one write.

        Its events are removed in the background (see ``deletion``). ``also`` is written in
        the same transaction. Returns what the session was. Raises as :meth:`update`.
        """
        current = self.record(organization_id, session_id)
        for _ in CROWDED.attempts(self.table.sleep):
            session = from_record(self.codec, current)
            expect(session, expected_version)
            grave = tombstone(current, self.clock(), expires_at=self.table.now() + KEPT_FOR)
            try:
                self._write([Replace(grave, current.version), *also(session)])
            except Refused as refused:
                current = self._newest(current, refused)
            except Busy:
                current = self.record(organization_id, session_id)
            else:
                return session
        raise Conflict(_TOO_MANY)

    def _tried(self, current: Record, asked: Append[S]) -> Appended[S] | Record:
        """Try an append once; where another writer came first, return the newest session."""
        session = from_record(self.codec, current)
        try:
            expect(session, asked.expected_version)
            changed, new = asked.change(session)
        except DomainError:
            # What cannot be done now may have been done, by the first of two requests.
            earlier = self._receipt(current, asked.idempotency)
            if replay := self._replay(session, earlier, asked.idempotency):
                return replay
            raise
        change = (session, changed, new)
        plan = planned(self.codec, current, asked, change, at=self.clock(), now=self.table.now())
        try:
            written = self._write(plan.actions)
        except Refused as refused:
            receipt = receipt_among(refused.existing)
            if replay := self._replay(session, receipt, asked.idempotency):
                return replay
            if refused.existing and 0 not in refused.existing:
                raise
            return self._newest(current, refused)
        except Busy:
            return self.record(session.organization_id, session.id)
        return Appended(plan.session, plan.events, held=Held(plan.session, written))

    def _newest(self, current: Record, refused: Refused) -> Record:
        """Return the session that stood against a write of ours; else what is there now."""
        newest = refused.existing.get(0)
        if newest is None:
            return self.record(*_ids(current))
        if not self.is_own(newest):
            raise NotFound("Session not found")
        return newest

    def _remaining(self, record: Record) -> S:
        """Return the session in an item, unless only its tombstone is left."""
        if is_deleted(record):
            raise Conflict("The session that this Idempotency-Key opened has been deleted.")
        return from_record(self.codec, record)

    def _write(self, actions: list[Action]) -> Record:
        """Write one item by a put, which costs half, and several by a transaction.

        The first is the session's; it is returned as it is stored now.
        """
        first = actions[0]
        assert isinstance(first, Replace)  # noqa: S101  # both callers begin with the session
        if len(actions) > 1:
            transact(self.table, actions)
            return self.table.next_version(first.record, first.expected_version)
        try:
            return self.table.replace(first.record, expected_version=first.expected_version)
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


def _ids(session: Record) -> tuple[OrganizationId, SessionId]:
    fields = common_fields(session)
    return fields["organization_id"], fields["id"]
