"""Expiry of overdue approvals, of all organizations."""

from collections.abc import Callable

from shared.core.clock import Clock, system_clock
from shared.core.errors import DomainError
from shared.core.observability import logger
from shared.playground.sessions.repository import PlaygroundSessionRepository
from shared.playground.turns.service import PlaygroundTurnService


class ApprovalExpiry:
    """Denies overdue approvals on behalf of the schedule."""

    def __init__(
        self,
        sessions: PlaygroundSessionRepository,
        turns: PlaygroundTurnService,
        clock: Clock = system_clock,
    ) -> None:
        self._sessions = sessions
        self._turns = turns
        self._clock = clock

    def run(self, has_time: Callable[[], bool]) -> tuple[int, int]:
        """Expire every overdue approval, the oldest first; stop when the time is up.

        Two requests a session. Returns the number of expired and of failed ones; a failed
        turn is retried by the next run.
        """
        expired = failed = 0
        for organization_id, session_id in self._sessions.overdue(self._clock()):
            if not has_time():
                break
            try:
                loaded = self._sessions.load(organization_id, session_id)
                if not loaded.entity.overdue(self._clock()):
                    continue  # the index is eventually consistent
                after = self._turns.expire_approval(loaded).entity
            except DomainError as error:  # deleted, throttled: the others continue
                logger.warning("an approval could not be expired", extra={"error": error.code})
                failed += 1
                continue
            if after.overdue(self._clock()):
                failed += 1
            else:
                expired += 1
        return expired, failed
