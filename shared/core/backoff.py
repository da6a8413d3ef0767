"""Trying again: how often, and how long to wait in between."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import SystemRandom

type Sleep = Callable[[float], None]

#: The system's, and not Python's own: copies of a function that are started from one
#: snapshot would all draw the same numbers, and meet again.
_CHANCE = SystemRandom()
#: Doublings of a pause's bound, at most: by far more than a bound in seconds can take.
_MAX_DOUBLINGS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Tries of something that did not work just now, and may in a moment.

    A pause is of random length, up to a bound that doubles with each failure ("full
    jitter"): so those who got in each other's way come back apart.

    Attributes
    ----------
    tries
        How often it is tried in all.
    first, longest
        Bounds of a pause in seconds: after the first failure, and at most.
    """

    tries: int
    first: float
    longest: float

    def pause(self, failures: int) -> float:
        """Return how many seconds to wait after so many failures in a row, from 1."""
        bound = self.first * 2 ** min(failures - 1, _MAX_DOUBLINGS)
        return _CHANCE.uniform(0, min(bound, self.longest))

    def attempts(self, sleep: Sleep) -> Iterator[int]:
        """Count the tries, from 0, with a pause before each but the first."""
        for failures in range(self.tries):
            if failures:
                sleep(self.pause(failures))
            yield failures


#: Tries of a write that meets other writers at its items. The pauses come to 3.6 seconds at
#: most: less than half a function's time.
CROWDED = Backoff(tries=40, first=0.005, longest=0.1)
