"""MCP session: one connection of a turn to a server, used from the turn's own thread."""

import math
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import anyio
import httpx2
import mcp_types
from anyio.abc import TaskStatus
from anyio.from_thread import BlockingPortal
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import HEADER_MISMATCH, PARSE_ERROR
from pydantic import ValidationError

from shared.agents.remote_capabilities import McpServer
from shared.agents.tools.mcp_listing import Listing, offered
from shared.agents.tools.mcp_transport import McpTransport
from shared.agents.tools.remote_failure import MAX_SECONDS, MAX_TOOLS, RemoteFailed
from shared.egress.hosts import AllowedHosts
from shared.egress.transport import GuardedTransport

#: Bytes of one answer: a listing of 10,000 tools has about 3 MB.
MAX_ANSWER_BYTES = 8 * 1024 * 1024
#: Pages of a listing.
MAX_PAGES = 100
#: Negotiation of the protocol; what a server chose is remembered with its listing.
NEGOTIATE = "auto"

_CLIENT = mcp_types.Implementation(name="agent-sessions", version="1")
_CLOSING_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Open:
    client: Client
    closing: anyio.Event
    end: "Future[None]"


class McpSession:
    """Session with a server, opened at the first use. Safe for threads.

    Parameters
    ----------
    portal
        Event loop in a thread of its own.
    headers
        Headers of every request, with the secret.
    seconds
        Returns the seconds that a request may take now.
    """

    def __init__(
        self,
        portal: BlockingPortal,
        server: McpServer,
        headers: dict[str, str],
        hosts: AllowedHosts,
        seconds: Callable[[], float],
    ) -> None:
        self.mode = NEGOTIATE
        self._portal = portal
        self._server = server
        self._headers = headers
        self._hosts = hosts
        self._turn_seconds = seconds
        self._lock = threading.Lock()
        self._open: _Open | None = None
        self._transport: McpTransport | None = None

    def list_tools(self) -> Listing:
        """Return the tools to offer. Raises :class:`RemoteFailed`."""
        client = self._client()
        found = self._run(lambda: self._pages(client))
        session = client.session
        is_old = session.initialize_result is not None
        mode = "legacy" if is_old else session.protocol_version or NEGOTIATE
        return Listing(offered(found, self._server.tools), mode)

    def call(self, name: str, arguments: dict[str, Any]) -> mcp_types.CallToolResult:
        """Call a tool. Raises :class:`RemoteFailed`."""
        client = self._client()
        return self._run(lambda: self._call(client, name, arguments))

    def close(self) -> None:
        """End the session if it is open; what the server does about it does not matter."""
        with self._lock:
            current, self._open = self._open, None
        if current is not None:
            with suppress(Exception):
                self._portal.call(current.closing.set)
                current.end.result(_CLOSING_SECONDS)
            current.end.cancel()

    def _seconds(self) -> float:
        return max(min(MAX_SECONDS, self._turn_seconds()), 0)

    def _client(self) -> Client:
        with self._lock:
            if self._open is None or self._open.end.done():
                self._transport = McpTransport(
                    GuardedTransport(self._hosts, max_bytes=MAX_ANSWER_BYTES, seconds=self._seconds)
                )
                with self._reasons():
                    end, (client, closing) = self._portal.start_task(self._serve)
                self._open = _Open(client, closing, end)
            return self._open.client

    async def _serve(self, *, task_status: TaskStatus[tuple[Client, anyio.Event]]) -> None:
        """Hold the session open until it is to end, in one task, as its cancel scopes require."""
        closing = anyio.Event()
        transport = self._transport
        with anyio.fail_after(self._seconds()) as opening:
            async with (
                httpx2.AsyncClient(
                    transport=transport, headers=self._headers, timeout=None, trust_env=False
                ) as http,
                Client(
                    streamable_http_client(
                        self._server.url, http_client=http, max_sse_event_size=MAX_ANSWER_BYTES
                    ),
                    mode=self.mode,
                    cache=None,
                    client_info=_CLIENT,
                ) as client,
            ):
                opening.deadline = math.inf
                task_status.started((client, closing))
                await closing.wait()

    def _run[R](self, ask: Callable[[], Awaitable[R]]) -> R:
        """Return an answer of the server, asked within the time that is left."""

        async def within_time() -> R:
            with anyio.fail_after(self._seconds()):
                return await ask()

        with self._reasons():
            return self._portal.call(within_time)

    async def _pages(self, client: Client) -> dict[str, mcp_types.Tool]:
        """Return the listed tools by name: all, or those that the configuration names."""
        wanted = self._server.tools
        found: dict[str, mcp_types.Tool] = {}
        cursor: str | None = None
        for _ in range(MAX_PAGES):
            params = mcp_types.PaginatedRequestParams(cursor=cursor) if cursor else None
            page = await client.session.list_tools(params=params)
            for tool in page.tools:
                if wanted is None or tool.name in wanted:
                    found.setdefault(tool.name, tool)
            if len(found) > MAX_TOOLS:
                raise RemoteFailed(
                    f"lists more than {MAX_TOOLS} tools; name those to use in the capability's "
                    "`tools`",
                    retryable=False,
                )
            cursor = page.next_cursor
            if not cursor or (wanted is not None and len(found) == len(wanted)):
                return found
        raise RemoteFailed(f"lists its tools on more than {MAX_PAGES} pages", retryable=False)

    async def _call(
        self, client: Client, name: str, arguments: dict[str, Any]
    ) -> mcp_types.CallToolResult:
        # Not `call_tool`: it checks the answer against a schema of the server's making, whose
        # patterns may take any time.
        request = mcp_types.CallToolRequest(
            params=mcp_types.CallToolRequestParams(name=name, arguments=arguments)
        )
        try:
            return await client.session.send_request(request, mcp_types.CallToolResult)
        except MCPError as error:
            if error.code != HEADER_MISMATCH:
                raise
            # Arguments that this server wants as headers too: the listing says which.
            await self._pages(client)
            return await client.session.send_request(request, mcp_types.CallToolResult)

    @contextmanager
    def _reasons(self) -> Iterator[None]:
        """Raise :class:`RemoteFailed` for everything that a server can do wrong."""
        try:
            yield
        except RemoteFailed:
            raise
        except Exception as error:
            raise RemoteFailed(self._reason(_cause(error))) from error

    def _reason(self, error: BaseException) -> str:
        host = urlsplit(self._server.url).hostname
        transport = self._transport
        if transport is not None and transport.failure is not None:
            failure, transport.failure = transport.failure, None
            return failure
        if isinstance(error, RemoteFailed):
            return error.reason
        if isinstance(error, TimeoutError):
            return f"{host}: no complete answer in time"
        if isinstance(error, ValidationError) or (
            isinstance(error, MCPError) and error.code == PARSE_ERROR
        ):
            return f"{host}: sent an answer that is not of the Model Context Protocol"
        if isinstance(error, MCPError):
            return error.message[:500]
        return f"{host}: failed ({type(error).__name__})"


def _cause(error: BaseException) -> BaseException:
    """Return the first error of a group of a task's errors."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
