"""Many clients that send the same request at the same moment."""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from threading import Barrier, Lock
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient

from tests.support.gateway import Answer, Gateway, route


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
    """Send a request from many threads at once and return all answers.

    ``storage_is_atomic`` where something better than moto answers for DynamoDB.
    """
    requests = [(method, url, body)] * clients
    return race_of(api, requests, headers=headers, storage_is_atomic=storage_is_atomic)


def race_of(
    api: Gateway,
    requests: Sequence[tuple[str, str, Any]],
    *,
    headers: dict[str, str] | None = None,
    storage_is_atomic: bool = False,
) -> list[Answer]:
    """Send requests at the same moment, each from a thread of its own; as :func:`race`."""
    start = Barrier(len(requests))
    for method, url, _ in requests:
        route(method, url)  # a handler is made in the main thread, which then has an event loop

    def client(request: tuple[str, str, Any]) -> Answer:
        loop = asyncio.new_event_loop()  # each copy of a function has one of its own
        asyncio.set_event_loop(loop)
        try:
            start.wait()
            return api(*request, headers=headers)
        finally:
            loop.close()

    lock = nullcontext() if storage_is_atomic else atomic_requests()
    with lock, ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(client, requests))


@contextmanager
def atomic_requests() -> Iterator[None]:
    """Let moto answer one request at a time.

    DynamoDB checks conditions and writes in one step; moto does not when threads meet.
    Between the requests of one client those of the others still come in any order.
    """
    lock = Lock()
    send = BaseClient._make_api_call  # type: ignore[attr-defined]  # private, and stable for a decade

    def one_at_a_time(client: BaseClient, operation: str, arguments: Any) -> Any:
        with lock:
            return send(client, operation, arguments)

    with patch.object(BaseClient, "_make_api_call", one_at_a_time):
        yield
