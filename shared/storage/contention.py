"""Contention backoff: the one way in which a write waits for concurrent writers."""

from collections.abc import Callable
from itertools import islice

from shared.core.backoff import Backoff, Sleep
from shared.core.errors import CONCURRENTLY_MODIFIED, Busy, Conflict
from shared.storage.records import Record

#: Tries of a write that meets concurrent writers. The pauses come to 3.6 seconds at most:
#: less than half of a function's time.
CONTENTION = Backoff(tries=40, first=0.005, longest=0.1)


class ConditionFailed(Exception):
    """A conditional write that lost; nothing was written.

    ``existing`` holds, for each failed action by its position, the item that failed it, or
    None where an item was expected and there is none.
    """

    def __init__(self, existing: dict[int, Record | None]) -> None:
        super().__init__(f"conditions failed at {sorted(existing)}")
        self.existing = existing


def retry_on_contention[T](
    sleep: Sleep, attempt: Callable[[], T], *, tries: int | None = None
) -> T:
    """Return the result of ``attempt``, repeated while concurrent writers come first.

    ``attempt`` reads and writes anew each time. It is repeated after ``ConditionFailed`` and
    ``Busy``; everything else passes. ``tries`` bounds expensive attempts. Raises ``Conflict``
    when no try succeeds.
    """
    for _ in islice(CONTENTION.attempts(sleep), tries):
        try:
            return attempt()
        except (ConditionFailed, Busy):
            continue
    raise Conflict(CONCURRENTLY_MODIFIED)
