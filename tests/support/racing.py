"""Clients that race: the same call from many threads at once."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from moto.core.botocore_stubber import BotocoreStubber


def race[T](clients: int, call: Callable[[int], T]) -> list[T]:
    """Call from so many threads at once, each with its number; return all answers in order.

    Requests to the table are carried out one at a time, each whole, as DynamoDB does it:
    moto by itself could be interrupted between a condition and its write.
    """
    start = threading.Barrier(clients)

    def run(number: int) -> T:
        loop = asyncio.new_event_loop()  # a handler runs its requests on its thread's own
        asyncio.set_event_loop(loop)
        try:
            start.wait()
            return call(number)
        finally:
            asyncio.set_event_loop(None)
            loop.close()

    with _whole_requests(), ThreadPoolExecutor(clients) as pool:
        return list(pool.map(run, range(clients)))


@contextmanager
def _whole_requests() -> Any:
    lock = threading.Lock()
    unlocked = BotocoreStubber.__call__

    def locked(self: BotocoreStubber, *arguments: Any, **options: Any) -> Any:
        with lock:
            return unlocked(self, *arguments, **options)

    with patch.object(BotocoreStubber, "__call__", locked):
        yield
