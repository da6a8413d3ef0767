"""Wiring of admission: the turn queue and the admission of this process."""

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from shared.agents.admission.slots import Slots
from shared.agents.turns.states import STALE_AFTER
from shared.core.settings import settings
from shared.storage.table import table

if TYPE_CHECKING:
    from shared.agents.admission.queue import TurnQueue
    from shared.agents.admission.service import Admission

#: What a lease exceeds the time by after which a turn without progress is stopped.
_MARGIN = timedelta(seconds=30)


@cache
def turn_queue() -> "TurnQueue":
    """Return the queue of turns."""
    # Imported where used, here and below: messages take slots, and admit nothing.
    from shared.agents.admission.queue import TurnQueue  # noqa: PLC0415

    return TurnQueue.connect(settings().turn_queue_url)


@cache
def slots() -> Slots:
    """Return the slots of organizations."""
    timeout = timedelta(seconds=settings().turn_timeout_seconds)
    lease = STALE_AFTER * timeout + _MARGIN
    return Slots(settings().max_turns_per_organization, lease, table().now)


@cache
def admission() -> "Admission":
    """Return the admission of turns."""
    from shared.agents.admission.service import Admission  # noqa: PLC0415

    return Admission(table(), turn_queue(), slots())
