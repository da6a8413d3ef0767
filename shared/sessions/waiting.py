"""Waiting for news of a session: repeated looks within one request, up to a time limit."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shared.core.backoff import Sleep

#: Seconds between two looks: at first, their growth, and at most.
_FIRST, _GROWTH, _LONGEST = 0.5, 0.1, 1.0
#: Seconds of the time limit that are left for the last look, whose requests may be repeated.
_LAST_LOOK = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Time that a request may wait; with 0 ``seconds`` it looks once.

    A client that has gone is not noticed: its request waits to its end.
    """

    seconds: float = 0.0
    sleep: Sleep = time.sleep
    monotonic: Callable[[], float] = time.monotonic

    def looks(self, started: float | None = None) -> Iterator[None]:
        """Yield for each look: at once, then in pauses of half a second to one second.

        The time counts from ``started``, the ``monotonic`` time at which the request began;
        without it, from the first look. The last look is a second before its end.
        """
        end = (self.monotonic() if started is None else started) + self.seconds - _LAST_LOOK
        pause = _FIRST
        yield
        while (left := end - self.monotonic()) > 0:
            self.sleep(min(pause, left))
            pause = min(pause + _GROWTH, _LONGEST)
            yield
