"""How much work something is, by measures that a busy machine does not change."""

import cProfile
import pstats
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def processor_time(limit: float) -> Iterator[None]:
    """Break the block off when it has taken so many seconds of the processor.

    Only this process's own time counts. Limits are a hundred times what is needed: they are for
    what would take hours, or never end.
    """

    def break_off(*_: Any) -> None:
        raise AssertionError(f"it takes more than {limit:g} s of the processor")

    before = signal.signal(signal.SIGVTALRM, break_off)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def calls(run: Callable[[], object]) -> int:
    """Count the functions that are called, which is the same on every machine."""
    with cProfile.Profile() as profile:
        run()
    counted: Any = pstats.Stats(profile)
    return int(counted.total_calls)
