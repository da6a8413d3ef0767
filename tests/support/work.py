"""Measures of work that do not depend on the load of the machine."""

import cProfile
import pstats
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def processor_time(limit: float) -> Iterator[None]:
    """Fail the block when it exceeds a number of seconds of CPU time of this process.

    Limits are a hundred times what is needed: they catch work that takes hours or never ends.
    """

    def fail(*_: Any) -> None:
        raise AssertionError(f"takes more than {limit:g} s of CPU time")

    before = signal.signal(signal.SIGVTALRM, fail)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def calls(run: Callable[[], object]) -> int:
    """Return the number of function calls, which is the same on every machine."""
    with cProfile.Profile() as profile:
        run()
    stats: Any = pstats.Stats(profile)
    return int(stats.total_calls)
