"""Looks after turns from outside: cancels them, and stops those that have lost their runner."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from shared.agents.domain import AgentSession
from shared.agents.session_repository import WAITING_SESSIONS, AgentSessionCodec
from shared.agents.turn_marks import FAILED, STARTS_TURN
from shared.agents.turn_states import STALE_AFTER, LostTurn, cancel, is_stale, stop_stale
from shared.core.clock import Clock, system_clock, timestamp
from shared.core.errors import Conflict, DomainError, NotFound
from shared.core.ids import OrganizationId, SessionId
from shared.core.observability import logger
from shared.sessions.documents import from_record
from shared.sessions.reader import Held
from shared.sessions.store import SessionStore
from shared.storage.lists import ListQuery, read_page
from shared.storage.records import BY_LINK, Key, Record

#: Sessions that one sweep looks after, at most; the next one goes on.
_SWEPT = 100
#: Seconds in which a session is woken once, and how long the trace of it is kept.
_WAKING_INTERVAL = 600
_WAKING_KEPT = 24 * 3600


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep has done: turns stopped, and sessions woken whose messages waited."""

    stopped: int
    woken: int


class TurnKeeper:
    """The turns of all sessions, as those see them who do not run them."""

    def __init__(
        self,
        store: SessionStore[AgentSession],
        timeout: timedelta,
        clock: Clock = system_clock,
    ) -> None:
        self._store = store
        self._timeout = timeout
        self._clock = clock

    def cancel(self, organization_id: OrganizationId, session_id: SessionId) -> bool:
        """End the turn that runs; return whether there was one. One read, one transaction.

        Raises ``NotFound``.
        """
        try:
            self._store.append(organization_id, session_id, lambda s: cancel(s, self._clock()))
        except LostTurn:
            return False
        return True

    def settled(self, held: Held[AgentSession]) -> Held[AgentSession]:
        """Return a session whose turn, if one runs, makes progress: usually as it was."""
        if not is_stale(held.session, self._clock(), self._timeout):
            return held
        session = held.session
        try:
            appended = self._store.append(
                session.organization_id,
                session.id,
                lambda s: stop_stale(s, self._clock(), self._timeout),
                marks=lambda s: FAILED | (STARTS_TURN if s.is_waiting else {}),
                held=held,
            )
        except LostTurn:
            return self._store.hold(session.organization_id, session.id)
        return appended.held or held

    def sweep(self) -> Swept:
        """Look after sessions that have waited for twice a turn's time-out.

        One query a shard where there are none. A turn without progress is stopped; where
        messages wait and none runs, because its start was lost, the stream is made to
        start it. A session that cannot be helped now keeps none of the others from it: the
        next sweep, in a minute, meets it again.
        """
        stopped = woken = 0
        for record in self._waiting():
            held = Held(from_record(AgentSessionCodec(), record), record)
            try:
                if is_stale(held.session, self._clock(), self._timeout):
                    self.settled(held)
                    stopped += 1
                elif held.session.turn is None and self._wake(record):
                    woken += 1
            except NotFound:
                continue  # deleted meanwhile
            except DomainError as error:
                session_id = str(held.session.id)
                reason = {"session_id": session_id, "reason": error.message}
                logger.warning("a waiting session could not be looked after", extra=reason)
        return Swept(stopped, woken)

    def _waiting(self) -> Iterator[Record]:
        latest = timestamp(self._clock() - STALE_AFTER * self._timeout)
        query = ListQuery(list=WAITING_SESSIONS, index=BY_LINK, ascending=True, highest=latest)
        yield from read_page(self._store.table, query, _SWEPT).records

    def _wake(self, session: Record) -> bool:
        """Write an item that the stream hands to a run; once in a while for one session."""
        now = self._store.table.now()
        wake = Record(
            key=Key(session.key.partition, f"wake#{now // _WAKING_INTERVAL}"),
            type="wake",
            body={"id": secrets.token_hex(8)},
            marks=STARTS_TURN,
            expires_at=now + _WAKING_KEPT,
        )
        try:
            self._store.table.create(wake)
        except Conflict:
            return False
        return True
