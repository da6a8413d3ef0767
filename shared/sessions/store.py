"""Session store: the generic repository, and appends to a session's log.

A session and its events share a partition. Events written together are stored together, in
the same transaction as the session that counts them: no reader meets one without the other,
and an append costs two items, however many events it adds.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from shared.core.errors import Deleted, DomainError, NotFound
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.appending import (
    Also,
    Append,
    Change,
    StreamAttributes,
    following_record,
    plan_append,
    span_of,
)
from shared.sessions.documents import SessionCodec, session_key
from shared.sessions.domain import Event, Session
from shared.sessions.reader import SessionReader
from shared.storage.conditions import ExpectedVersion, check_version
from shared.storage.contention import ConditionFailed, retry_on_contention
from shared.storage.idempotency import Idempotency, receipt_among, receipt_key
from shared.storage.records import Record
from shared.storage.repository import Loaded, replacement
from shared.storage.transactions import Replace, write


@dataclass(frozen=True, slots=True)
class Appended[S]:
    """A session after an append, and the events that were added to its log.

    ``loaded`` lets the same writer append again; a replay has none. ``note`` is what the
    append stored in its receipt.
    """

    session: S
    events: list[Event]
    replayed: bool = False
    loaded: Loaded[S] | None = None
    note: dict[str, Any] = field(default_factory=dict)


class SessionStore[S: Session](SessionReader[S]):
    """Sessions of one kind: created, changed, appended to, deleted."""

    @property
    def _codec(self) -> SessionCodec[S]:
        return cast("SessionCodec[S]", self.codec)

    def append(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        change: Change[S],
        *,
        expected_version: ExpectedVersion = None,
        idempotency: Idempotency | None = None,
        stream_attributes: StreamAttributes[S] | None = None,
        loaded: Loaded[S] | None = None,
        also: Also[S] = (),
        note: Callable[[S], dict[str, Any]] | None = None,
        on_condition_failed: Callable[[ConditionFailed], None] = lambda _: None,
    ) -> Appended[S]:
        """Change a session and add events to its log: one read, one transaction.

        ``change`` gets the newest session and returns the changed one with the new events;
        it is called again when a concurrent writer came first, so it must be pure. Its errors
        pass, and nothing is written. ``stream_attributes`` go onto the items of the events.
        With ``loaded`` the read is saved. ``also`` is written in the same transaction; where
        only that fails, ``on_condition_failed`` may raise.

        A request under an ``idempotency`` key gets its first answer for 30 days, with the
        ``note`` that its receipt took of the session before; when the session is deleted,
        ``Deleted`` is raised. Raises ``NotFound``, ``PreconditionFailed``, and what
        ``change`` raises.
        """
        request = Append(
            change=change,
            idempotency=idempotency,
            stream_attributes=stream_attributes,
            also=also,
            note=note,
        )
        newest = loaded

        def attempt() -> Appended[S]:
            nonlocal newest
            current = newest or self._load_for(organization_id, session_id, idempotency)
            newest = None
            try:
                check_version(expected_version, current.record.version)
                return self._append(current, request)
            except DomainError:
                # A change that is refused now may have been made by a first request.
                if replay := self._find_earlier_append(current, idempotency):
                    return replay
                raise
            except ConditionFailed as failed:
                earlier = receipt_among(failed.existing)
                if idempotency is not None and earlier is not None:
                    return self._replay_append(current.entity, earlier, idempotency)
                if 0 not in failed.existing:
                    on_condition_failed(failed)
                newest = self.loaded(failed.existing.get(0))
                raise

        return retry_on_contention(self.table.sleep, attempt)

    def replacement(self, loaded: Loaded[S], entity: S) -> list[Any]:
        following = following_record(self._codec, loaded.record, entity)
        return replacement(loaded.record, following, self.table.now())

    def _load_for(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        idempotency: Idempotency | None,
    ) -> Loaded[S]:
        """Return the session; raise ``Deleted`` if the request appended to it before."""
        try:
            return self.load(organization_id, session_id)
        except NotFound:
            if idempotency is not None:
                partition = session_key(organization_id, session_id).partition
                if earlier := self.table.get(receipt_key(idempotency, partition)):
                    idempotency.check(earlier.fingerprint)
                    raise Deleted from None
            raise

    def _append(self, current: Loaded[S], request: Append[S]) -> Appended[S]:
        changed, new = request.change(current.entity)
        plan = plan_append(
            self._codec,
            current.record,
            request,
            (current.entity, changed, new),
            at=self.clock(),
            now=self.table.now(),
        )
        write(self.table, plan.actions)
        first = cast("Replace", plan.actions[0])
        written = self.table.next_version(first.record, first.expected_version)
        return Appended(plan.session, plan.events, loaded=Loaded(plan.session, written))

    def _find_earlier_append(
        self, current: Loaded[S], idempotency: Idempotency | None
    ) -> Appended[S] | None:
        if idempotency is None:
            return None
        earlier = self.table.get(receipt_key(idempotency, current.record.key.partition))
        return self._replay_append(current.entity, earlier, idempotency) if earlier else None

    def _replay_append(self, session: S, receipt: Record, idempotency: Idempotency) -> Appended[S]:
        """Return the events of an earlier append as they were recorded, and the session now."""
        idempotency.check(receipt.fingerprint)
        note = receipt.body.get("note", {})
        span = span_of(receipt)
        if span is None:
            return Appended(session, [], replayed=True, note=note)
        first, last = span
        try:
            newest, events = self.read(
                session.organization_id, session.id, after=first - 1, upto=last, original=True
            )
        except NotFound:  # deleted since the receipt was read
            raise Deleted from None
        return Appended(newest, events, replayed=True, note=note)
