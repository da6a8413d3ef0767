"""Approvals whose deadline has passed, of all organisations."""

from collections.abc import Callable

from shared.core.clock import Clock, system_clock
from shared.core.errors import DomainError
from shared.core.observability import logger
from shared.playground.sessions.repository import overdue_sessions, session_store
from shared.playground.sessions.turn_service import playground_turns
from shared.storage.table import table


def expire_approvals(time_left: Callable[[], bool], clock: Clock = system_clock) -> tuple[int, int]:
    """Take every overdue session on, as if its approval had been denied; the oldest first.

    Two requests a session. Returns how many went on, and how many could not: their turn
    failed, and they are tried again next time. Ends early when no time is left.
    """
    store, turns = session_store(table()), playground_turns()
    expired = failed = 0
    for overdue in overdue_sessions(table(), clock()):
        if not time_left():
            break
        try:
            held = store.hold(overdue.organization_id, overdue.id)
            if not held.session.overdue(clock()):
                continue  # the index lags behind
            after = turns.past_deadline(held).session
        except DomainError as error:  # deleted, throttled: the others shall not wait for it
            logger.warning("an approval could not be expired", extra={"error": error.code})
            failed += 1
            continue
        went_on = not after.overdue(clock())
        expired, failed = expired + went_on, failed + (not went_on)
    return expired, failed
