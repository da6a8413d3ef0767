"""Waiting for news of a session: repeated looks within one request, up to a time limit."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shared.core.backoff import Sleep

#: Seconds between two looks: at first, their growth, and at most.
_FIRST, _GROWTH, _LONGEST = 0.5, 0.1, 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Time that a request may wait; with 0 ``seconds`` it looks once.

    A client that has gone is not noticed: its request waits to its end.
    """

    seconds: float = 0.0
    sleep: Sleep = time.sleep
    monotonic: Callable[[], float] = time.monotonic

    def looks(self) -> Iterator[None]:
        """Yield for each look: at once, then in pauses of half a second to one second."""
        end = self.monotonic() + self.seconds
        pause = _FIRST
        yield
        while (left := end - self.monotonic()) > 0:
            self.sleep(min(pause, left))
            pause = min(pause + _GROWTH, _LONGEST)
            yield
