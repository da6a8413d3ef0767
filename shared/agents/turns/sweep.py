"""Sweep of waiting sessions: expire stale turns, admit lost ones, hand free slots on."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.agents.admission.domain import Start
from shared.agents.admission.service import Admission
from shared.agents.sessions.domain import AgentSession
from shared.agents.sessions.repository import AgentSessionRepository, WaitingSession
from shared.agents.turns.open_calls import is_overdue
from shared.agents.turns.states import STALE_AFTER, is_stale
from shared.agents.turns.supervisor import TurnSupervisor
from shared.core.clock import Clock, moment, system_clock, timestamp
from shared.core.errors import DomainError
from shared.core.ids import OrganizationId
from shared.core.observability import logger
from shared.storage.repository import Loaded

#: Sessions of one organization that one sweep reads, at most.
_MAX_READ = 100


@dataclass(frozen=True, slots=True)
class SweepResult:
    """Numbers of turns that a sweep expired, and of lost starts that it admitted.

    ``oldest`` is the time in seconds that a turn has waited to begin, at most; 0 while none
    waits for twice the turn timeout.
    """

    expired: int = 0
    restarted: int = 0
    oldest: int = 0

    def __add__(self, other: "SweepResult") -> "SweepResult":
        return SweepResult(
            self.expired + other.expired,
            self.restarted + other.restarted,
            max(self.oldest, other.oldest),
        )


class TurnSweep:
    """Looks after sessions that have waited for twice the turn timeout, by schedule.

    A waiting session is parked, holds a slot, or is lost: the start is gone, with its stream
    record or with the run that was to queue it. Each organization is handled for itself: its
    parked sessions, however many, are told by one query, and keep no other's from being read.
    """

    def __init__(
        self,
        repository: AgentSessionRepository,
        supervisor: TurnSupervisor,
        admission: Admission,
        timeout: timedelta,
        clock: Clock = system_clock,
    ) -> None:
        self._repository = repository
        self._supervisor = supervisor
        self._admission = admission
        self._timeout = timeout
        self._clock = clock

    def run(self, has_time: Callable[[], bool] = lambda: True) -> SweepResult:
        """Handle all organizations, in another order each minute; stop when the time is up.

        One query a shard of the list; of each organization whose sessions wait, one query, and
        one batch read of its sessions that are not parked. A failure on one organization is
        logged; the next sweep repeats it.
        """
        now = self._clock()
        since = now - STALE_AFTER * self._timeout
        due: defaultdict[OrganizationId, list[WaitingSession]] = defaultdict(list)
        for one in self._repository.list_waiting(since):
            due[one.organization_id].append(one)
        result = SweepResult()
        for organization_id in self._from_another(list(due), 1):
            if not has_time():
                logger.warning("sweep ran out of time")
                break
            try:
                result += self._sweep(organization_id, due[organization_id], since)
            except DomainError as error:
                details = {"organization_id": str(organization_id), "reason": error.message}
                logger.warning("sweep skipped an organization", extra=details)
        return result

    def _sweep(
        self, organization_id: OrganizationId, due: list[WaitingSession], since: datetime
    ) -> SweepResult:
        in_slots, parked = self._admission.known(organization_id, timestamp(since))
        waits = {start.session_id for start in parked}
        others = [one.session_id for one in due if one.session_id not in waits]
        read = self._from_another(others, _MAX_READ)[:_MAX_READ]
        loaded = self._repository.load_many(organization_id, read).values()
        expired = sum(self._expire(one) for one in loaded)
        awaiting = [one.entity for one in loaded if one.entity.awaits_run]
        lost = [_start_of(session) for session in awaiting if session.id not in in_slots]
        if lost:
            self._admission.admit(organization_id, lost)
        if parked:
            # The run that was to hand a slot on may be gone.
            self._admission.fill(organization_id)
        times = [moment(start.since) for start in parked[:1]]
        times += [session.waiting_since for session in awaiting if session.waiting_since]
        oldest = (self._clock() - min(times)).total_seconds() if times else 0
        return SweepResult(expired, len(lost), int(oldest))

    def _from_another[T](self, items: list[T], step: int) -> list[T]:
        """Return items in their order, each minute from another one on, ``step`` further."""
        first = int(self._clock().timestamp() // 60) * step % max(1, len(items))
        return [*items[first:], *items[:first]]

    def _expire(self, loaded: Loaded[AgentSession]) -> bool:
        """Expire a stale turn, and return whether it was one; end a wait that is overdue."""
        is_expired = is_stale(loaded.entity, self._clock(), self._timeout)
        if not is_expired and not is_overdue(loaded.entity, self._clock()):
            return False
        try:
            self._supervisor.expire_if_stale(loaded)
        except DomainError as error:
            # Deleted meanwhile, or throttled: the others are handled.
            details = {"session_id": str(loaded.entity.id), "reason": error.message}
            logger.warning("sweep skipped a waiting session", extra=details)
            return False
        return is_expired


def _start_of(session: AgentSession) -> Start:
    assert session.waiting_since is not None  # noqa: S101  # a waiting session has the time
    return Start(session.organization_id, session.id, timestamp(session.waiting_since))
