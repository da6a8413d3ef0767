"""Everruns clients in this process: the Python SDK, and the TypeScript SDK's stream parser."""

import asyncio
import json
import warnings
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
from everruns_sdk import Everruns

from tests.support.gateway import Answer, Gateway


def with_sdk[T](api: Gateway, use: Callable[[Everruns], Awaitable[T]]) -> T:
    """Run a coroutine with the unmodified Python SDK, whose requests go to the gateway."""

    async def run() -> T:
        client = Everruns(api_key="evr_test", base_url="http://gateway")
        await client.close()
        client._client = httpx.AsyncClient(base_url=client._base_url, transport=_Transport(api))
        try:
            return await use(client)
        finally:
            await client.close()

    # asyncio.run leaves its thread without an event loop.
    with warnings.catch_warnings(), ThreadPoolExecutor(1) as thread:
        warnings.simplefilter("ignore", DeprecationWarning)  # the SDK's, of its own methods
        return thread.submit(lambda: asyncio.run(run())).result()


def sdk_stream(client: Everruns, api: Gateway, session_id: str, **options: Any) -> Any:
    """Return a stream of the Python SDK; its client of its own goes to the gateway too."""
    stream = client.events.stream(session_id, **options)
    stream._http = httpx.AsyncClient(transport=_Transport(api))
    return stream


class _Transport(httpx.AsyncBaseTransport):
    def __init__(self, api: Gateway) -> None:
        self._api = api

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = (await request.aread()).decode()
        url = request.url.raw_path.decode()
        answer = await asyncio.to_thread(self._send, request.method, url, body)
        content_type = answer.headers.get("content-type", "text/plain")
        headers = {"content-type": content_type}
        return httpx.Response(answer.status, headers=headers, content=answer.text.encode())

    def _send(self, method: str, url: str, body: str) -> Answer:
        loop = asyncio.new_event_loop()  # each copy of a function has its own
        asyncio.set_event_loop(loop)
        try:
            return self._api(method, url, raw=body or None)
        finally:
            loop.close()


class Disconnected(Exception):
    """The parser has met ``disconnecting``; ``retry_ms`` is the delay that it asks for."""

    def __init__(self, retry_ms: int) -> None:
        super().__init__(retry_ms)
        self.retry_ms = retry_ms


class TypeScriptStream:
    """The stream of the TypeScript SDK 0.2.1, as it parses answers and reconnects.

    Its parser puts the events of a chunk into a queue, which is emptied when the whole chunk
    is parsed. ``disconnecting`` throws out of the parser: the events of its chunk are lost,
    and not requested again, since each has set the last id.
    """

    #: Milliseconds until it reconnects after the end of a stream.
    BACKOFF_MS = 1000

    def __init__(self, api: Gateway, session_id: str, *, chunk_size: int | None = None) -> None:
        self.last_event_id: str | None = None
        self.delays: list[int] = []
        self._api = api
        self._url = f"/v1/sessions/{session_id}/sse"
        self._chunk_size = chunk_size

    def events(self) -> Iterator[dict[str, Any]]:
        """Yield events, over all connections, until the server asks to wait."""
        while True:
            try:
                yield from self._connect()
            except Disconnected as disconnected:
                self.delays.append(disconnected.retry_ms)
                return
            self.delays.append(self.BACKOFF_MS)

    def _connect(self) -> Iterator[dict[str, Any]]:
        query = f"?since_id={self.last_event_id}" if self.last_event_id else ""
        answer = self._api("GET", self._url + query)
        assert answer.status == 200, answer.text
        buffer = ""
        queue: list[dict[str, Any]] = []
        size = self._chunk_size or len(answer.text)
        for start in range(0, len(answer.text), size):
            buffer += answer.text[start : start + size]
            *blocks, buffer = buffer.split("\n\n")
            for block in blocks:
                self._dispatch(block, queue)
            while queue:
                yield queue.pop(0)

    def _dispatch(self, block: str, queue: list[dict[str, Any]]) -> None:
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        data = json.loads(fields["data"])
        if fields["event"] == "disconnecting":
            raise Disconnected(data["retry_ms"])
        if fields["event"] != "connected":
            self.last_event_id = data["id"]
            queue.append(data)
