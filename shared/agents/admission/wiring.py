"""Wiring of admission: the turn queue and the admission of this process."""

from datetime import timedelta
from functools import cache

from shared.agents.admission.queue import TurnQueue
from shared.agents.admission.service import Admission
from shared.agents.turns.states import STALE_AFTER
from shared.core.settings import settings
from shared.storage.table import table

#: What a lease exceeds the time by after which a turn without progress is stopped.
_MARGIN = timedelta(seconds=30)


@cache
def turn_queue() -> TurnQueue:
    """Return the queue of turns."""
    return TurnQueue.connect(settings().turn_queue_url)


@cache
def admission() -> Admission:
    """Return the admission of turns."""
    timeout = timedelta(seconds=settings().turn_timeout_seconds)
    return Admission(
        table(),
        turn_queue(),
        limit=settings().max_turns_per_organization,
        lease=STALE_AFTER * timeout + _MARGIN,
    )
