"""Transport of an MCP client: failures of the network reach the call that they concern.

The client answers a JSON-RPC error like any other, while an exception in its transport would
end the whole session without its reason.
"""

from collections.abc import AsyncIterator

import anyio
import httpx2

from shared.core.json import loads_strict
from shared.egress.transport import GuardedTransport, RequestFailed

_FAILED = -32000
_EVENTS = "text/event-stream"
#: Messages of one stream of events, and answers to what a server asks for, at most.
MAX_MESSAGES = 5000
MAX_REPLIES = 20
#: Seconds that the end of a session may take; the server ends it anyway.
_GOODBYE_SECONDS = 2.0


class McpTransport(httpx2.AsyncBaseTransport):
    """Guarded transport of one MCP session.

    Attributes
    ----------
    failure
        The last failure while a stream of events was read; the client does not report it.
    """

    def __init__(self, guarded: GuardedTransport) -> None:
        self._guarded = guarded
        self.failure: str | None = None
        self._replies = 0

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "GET" and "last-event-id" not in request.headers:
            # A stream of what the server asks for by itself, which nothing here answers.
            return httpx2.Response(405, request=request)
        if _is_reply(request):
            self._replies += 1
            if self._replies > MAX_REPLIES:
                return httpx2.Response(202, request=request)
        try:
            if request.method == "DELETE":
                return await self._goodbye(request)
            response = await self._guarded.handle_async_request(request)
            if response.headers.get("content-type", "").lower().startswith(_EVENTS):
                stream = response.stream
                assert isinstance(stream, httpx2.AsyncByteStream)  # noqa: S101  # an async transport
                response.stream = _Events(stream, self)
                return response
            return await self._whole(request, response)
        except RequestFailed as failed:
            return _error(request, str(failed))

    async def aclose(self) -> None:
        await self._guarded.aclose()

    async def _goodbye(self, request: httpx2.Request) -> httpx2.Response:
        with anyio.move_on_after(_GOODBYE_SECONDS):
            return await self._guarded.handle_async_request(request)
        return httpx2.Response(405, request=request)

    async def _whole(self, request: httpx2.Request, response: httpx2.Response) -> httpx2.Response:
        """Return a response that is read; a failed one as a JSON-RPC error with its status."""
        try:
            content = b"".join([part async for part in response.stream])  # type: ignore[union-attr]  # of an async transport
        finally:
            await response.aclose()
        kind = response.headers.get("content-type", "").lower()
        if response.is_error and not (
            kind.startswith("application/json") and b"jsonrpc" in content
        ):
            return _error(
                request, f"{request.url.host}: answered with status {response.status_code}"
            )
        headers = {
            name: value
            for name, value in response.headers.multi_items()
            if name not in ("content-length", "transfer-encoding", "content-encoding")
        }
        return httpx2.Response(
            response.status_code, headers=headers, content=content, request=request
        )


class _Events(httpx2.AsyncByteStream):
    """Stream of events that remembers how it failed."""

    def __init__(self, stream: httpx2.AsyncByteStream, transport: McpTransport) -> None:
        self._stream = stream
        self._transport = transport

    async def __aiter__(self) -> AsyncIterator[bytes]:
        messages = 0
        try:
            async for part in self._stream:
                messages += part.count(b"data:")
                if messages > MAX_MESSAGES:
                    raise RequestFailed(f"sent more than {MAX_MESSAGES:,} messages in one answer")
                yield part
        except RequestFailed as failed:
            self._transport.failure = str(failed)
            raise

    async def aclose(self) -> None:
        await self._stream.aclose()


def _is_reply(request: httpx2.Request) -> bool:
    """Return whether a request answers one of the server's: a refusal, as all of them are."""
    if request.method != "POST":
        return False
    try:
        body = loads_strict(request.content)
    except (ValueError, httpx2.RequestNotRead):
        return False
    return isinstance(body, dict) and "method" not in body


def _error(request: httpx2.Request, message: str) -> httpx2.Response:
    body = {"jsonrpc": "2.0", "id": None, "error": {"code": _FAILED, "message": message}}
    return httpx2.Response(502, json=body, request=request)
