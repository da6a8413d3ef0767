"""Retries: their number, and the pauses in between."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import SystemRandom

type Sleep = Callable[[float], None]

#: The system's generator: copies of a function that start from one snapshot would all draw
#: the same numbers from Python's own, and meet again.
_RANDOM = SystemRandom()
#: Doublings of a pause's bound, at most: far more than a bound in seconds can take.
_MAX_DOUBLINGS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Retry policy with exponential back-off and full jitter.

    A pause is of random length, up to a bound that doubles with each failure, so that
    clients that collided do not collide again.

    Attributes
    ----------
    tries
        Number of tries in all.
    first, longest
        Bounds of a pause in seconds: after the first failure, and at most.
    """

    tries: int
    first: float
    longest: float

    def pause(self, failures: int) -> float:
        """Return the seconds to wait after a number of failures in a row, from 1."""
        bound = self.first * 2 ** min(failures - 1, _MAX_DOUBLINGS)
        return _RANDOM.uniform(0, min(bound, self.longest))

    def attempts(self, sleep: Sleep) -> Iterator[int]:
        """Count the tries from 0, with a pause before each but the first."""
        for failures in range(self.tries):
            if failures:
                sleep(self.pause(failures))
            yield failures
