"""The same call from many threads at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.support.racing import atomic_requests


def at_once[T](callers: int, call: Callable[[int], T]) -> list[T]:
    """Call from so many threads at once, each with its number; return all results in order."""
    start = Barrier(callers)

    def run(number: int) -> T:
        start.wait()
        return call(number)

    with atomic_requests(), ThreadPoolExecutor(callers) as threads:
        return list(threads.map(run, range(callers)))
