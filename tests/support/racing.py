"""Many clients that send the same request at the same moment."""

import asyncio
from collections.abc import Iterator
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
    start = Barrier(clients)
    route(method, url)  # a handler is made in the main thread, which then has an event loop

    def client(_: int) -> Answer:
        loop = asyncio.new_event_loop()  # each copy of a function has one of its own
        asyncio.set_event_loop(loop)
        try:
            start.wait()
            return api(method, url, body, headers=headers)
        finally:
            loop.close()

    lock = nullcontext() if storage_is_atomic else atomic_requests()
    with lock, ThreadPoolExecutor(clients) as threads:
        return list(threads.map(client, range(clients)))


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
