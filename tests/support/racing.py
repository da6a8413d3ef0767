"""Concurrent callers: the same call or request from many threads at the same moment."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from threading import Barrier, Lock
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient

from tests.support.gateway import Answer, Gateway, route


def at_once[T](
    callers: int, call: Callable[[int], T], *, storage_is_atomic: bool = False
) -> list[T]:
    """Call from many threads at once, each with its number; return all results in order.

    ``storage_is_atomic`` is true if a better emulator than moto stands for DynamoDB.
    """
    start = Barrier(callers)

    def run(number: int) -> T:
        start.wait()
        return call(number)

    lock = nullcontext() if storage_is_atomic else atomic_requests()
    with lock, ThreadPoolExecutor(callers) as threads:
        return list(threads.map(run, range(callers)))


def succeeds(write: Callable[[], Any], failure: type[Exception]) -> bool:
    """Return whether a write succeeds; it may fail in this one way."""
    try:
        write()
    except failure:
        return False
    return True


def race(
    api: Gateway,
    method: str,
    url: str,
    body: Any = None,
    *,
    headers: dict[str, str] | None = None,
    clients: int = 20,
    storage_is_atomic: bool = False,
) -> list[Answer]:
    """Send the same request from many threads at once; return all answers."""
    requests = [(method, url, body)] * clients
    return race_of(api, requests, headers=headers, storage_is_atomic=storage_is_atomic)


def race_of(
    api: Gateway,
    requests: Sequence[tuple[str, str, Any]],
    *,
    headers: dict[str, str] | None = None,
    storage_is_atomic: bool = False,
) -> list[Answer]:
    """Send requests at the same moment, each from its own thread; return all answers."""
    for method, url, _ in requests:
        # A handler is created in the main thread, which has an event loop.
        route(method, url.partition("?")[0])

    def send(number: int) -> Answer:
        loop = asyncio.new_event_loop()  # each copy of a function has its own
        asyncio.set_event_loop(loop)
        try:
            return api(*requests[number], headers=headers)
        finally:
            loop.close()

    return at_once(len(requests), send, storage_is_atomic=storage_is_atomic)


@contextmanager
def atomic_requests() -> Iterator[None]:
    """Serialize the requests to moto.

    DynamoDB checks conditions and writes in one step; moto does not across threads.
    Requests of different clients still interleave.
    """
    lock = Lock()
    send = BaseClient._make_api_call  # type: ignore[attr-defined]  # private, and stable for a decade

    def one_at_a_time(client: BaseClient, operation: str, arguments: Any) -> Any:
        with lock:
            return send(client, operation, arguments)

    with patch.object(BaseClient, "_make_api_call", one_at_a_time):
        yield
