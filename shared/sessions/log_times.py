"""Where in a log a time lies: found by halving, because times in a log never run backwards."""

from collections.abc import Callable
from datetime import datetime

from shared.sessions.models import Event

#: Events among which a time is looked for no closer: one query reads about as many.
NEAR = 1000

type FindEvent = Callable[[int], Event | None]


def narrowed(
    find: FindEvent, after: int, last: int, *, from_at: datetime | None, to_at: datetime | None
) -> tuple[int, int]:
    """Narrow a part of a log (behind ``after``, up to ``last``) to what a time lies in.

    None that was stored from ``from_at`` to ``to_at`` is left out, both included; up to
    ``NEAR`` others stay at either end. ``find`` reads the event at a sequence: no request
    in a part of ``NEAR`` events, one more for each end whenever the part is twice as long.
    """
    if from_at is not None:
        after, _ = _halved(find, after, last, lambda event: event.at < from_at)
    if to_at is not None:
        _, last = _halved(find, after, last, lambda event: event.at <= to_at)
    return after, last


def _halved(
    find: FindEvent, low: int, high: int, is_before: Callable[[Event], bool]
) -> tuple[int, int]:
    """Return places around the one where ``is_before`` ends to hold."""
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
