"""Binary search of times in a log: they never decrease."""

from collections.abc import Callable
from datetime import datetime

from shared.sessions.domain import Event

#: Events at which the search stops: one query reads about as many.
NEAR = 1000

type FindEvent = Callable[[int], Event | None]


def narrow(
    find: FindEvent, after: int, last: int, *, from_at: datetime | None, to_at: datetime | None
) -> tuple[int, int]:
    """Return the part of a log (behind ``after``, up to ``last``) that contains a time range.

    No event from ``from_at`` to ``to_at``, both included, is lost; up to ``NEAR`` others
    remain at either end. ``find`` reads the event of a sequence: no request in a part of
    ``NEAR`` events, one more for each end whenever the part doubles.
    """
    if from_at is not None:
        after, _ = _bisect(find, after, last, lambda event: event.at < from_at)
    if to_at is not None:
        _, last = _bisect(find, after, last, lambda event: event.at <= to_at)
    return after, last


def _bisect(
    find: FindEvent, low: int, high: int, is_before: Callable[[Event], bool]
) -> tuple[int, int]:
    """Return sequences around the one where ``is_before`` becomes false."""
    while high - low > NEAR:
        middle = (low + high) // 2
        event = find(middle)
        if event is None:  # the log is being deleted
            break
        if is_before(event):
            low = middle
        else:
            high = middle
    return low, high
