"""Remote tools of one turn: MCP servers and HTTP APIs, reached from an event loop of their own.

The only module that loads the packages of ToolsLayer; imported when a turn has such a tool.
"""

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import Any

import httpx2
from anyio.from_thread import BlockingPortal, start_blocking_portal

from shared.agents.agents.domain import CapabilityConfig
from shared.agents.remote_capabilities import (
    HttpApi,
    McpServer,
    RemoteCapability,
    parse_remote,
)
from shared.agents.tools.http_tool import HttpTool
from shared.agents.tools.listings import Listings
from shared.agents.tools.mcp_session import McpSession
from shared.agents.tools.mcp_tool import McpTool
from shared.agents.tools.openapi_document import read_document
from shared.agents.tools.remote_failure import MAX_SECONDS, RemoteFailed
from shared.agents.tools.tool import AnyTool, ToolsUnavailable
from shared.core.errors import InvalidInput
from shared.core.json import loads_strict
from shared.egress.hosts import AllowedHosts
from shared.egress.transport import GuardedTransport, RequestFailed
from shared.llm.tool_names import free_name
from shared.secrets.organizations import SECRET_VALUE, hide

#: Bytes of an OpenAPI document at a URL, and of an answer to a tool's request.
MAX_DOCUMENT_BYTES = 2 * 1024 * 1024
MAX_ANSWER_BYTES = 1024 * 1024

#: Servers that are asked for their tools at the same time.
_PARALLEL = 8
#: Their lines have URLs with secrets, and content of conversations.
_SILENT_LOGGERS = ("client", "httpcore2", "httpx2", "mcp")

#: A tool that waits for a name: it is made with one that is free.
type Named = tuple[str, Callable[[str], AnyTool]]


class RemoteTools:
    """Tools of the remote capabilities of one turn.

    Parameters
    ----------
    organization
        Key of the organization: listings are kept for each.
    secret
        Returns the value of the organization's secret of a name. Raises ``RemoteFailed``.
    seconds
        Returns the seconds that are left to the turn.
    """

    def __init__(
        self,
        organization: str,
        hosts: AllowedHosts,
        *,
        secret: Callable[[str], str],
        seconds: Callable[[], float],
        listings: Listings,
    ) -> None:
        self._organization = organization
        self._hosts = hosts
        self._secret = secret
        self._seconds = seconds
        self._listings = listings
        self._resources = ExitStack()
        self._portal: BlockingPortal = self._resources.enter_context(start_blocking_portal())
        for name in _SILENT_LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)

    def close(self) -> None:
        """End all sessions and the event loop."""
        self._resources.close()

    def tools(
        self, capabilities: Iterable[CapabilityConfig], taken: Iterable[str]
    ) -> dict[str, AnyTool]:
        """Return the tools of capabilities by name; names that are ``taken`` get a prefix.

        Raises ``ToolsUnavailable``: an agent without tools that it was made with would act on
        guesses.
        """
        found: dict[str, AnyTool] = {}
        reserved = set(taken)
        with ThreadPoolExecutor(_PARALLEL) as threads:
            all_named = list(threads.map(self._named, capabilities))
        for label, named in all_named:
            for wanted, make in named:
                name = free_name(wanted, label, reserved)
                reserved.add(name)
                found[name] = make(name)
        return found

    def _named(self, capability: CapabilityConfig) -> tuple[str, list[Named]]:
        secret: str | None = None
        try:
            parsed = parse_remote(capability, self._hosts)
            secret = self._value(parsed)
            if isinstance(parsed, McpServer):
                return parsed.label, self._of_server(parsed, secret)
            return parsed.label, self._of_api(parsed, secret)
        except RemoteFailed as failed:
            reason = hide(failed.reason, secret)
            raise ToolsUnavailable(
                f"The tools of {capability.ref} are unavailable: {reason}.",
                retryable=failed.retryable,
            ) from failed
        except InvalidInput as invalid:
            raise ToolsUnavailable(
                f"The tools of {capability.ref} are unavailable: {invalid.message}", retryable=False
            ) from invalid

    def _value(self, capability: RemoteCapability) -> str | None:
        if capability.secret is None:
            return None
        value = self._secret(capability.secret).strip()
        if SECRET_VALUE.fullmatch(value) is None:
            raise RemoteFailed(
                f"the secret {capability.secret} must have printable ASCII characters only",
                retryable=False,
            )
        return value

    def _of_server(self, server: McpServer, secret: str | None) -> list[Named]:
        headers = {"user-agent": "agent-sessions"}
        if secret is not None:
            is_bearer = server.header.lower() == "authorization"
            headers[server.header] = f"Bearer {secret}" if is_bearer else secret
        session = McpSession(self._portal, server, headers, self._hosts, self._seconds)
        self._resources.callback(session.close)
        key = (self._organization, server, secret)
        listing = self._listings.get(key, session.list_tools)
        session.mode = listing.mode
        return [
            (tool.name, partial(_mcp_tool, listed=tool, session=session, secret=secret))
            for tool in listing.tools
        ]

    def _of_api(self, api: HttpApi, secret: str | None) -> list[Named]:
        client = self._client(MAX_ANSWER_BYTES)
        if api.document is not None:
            document = api.document
        else:
            key = (self._organization, api.document_url)
            document = self._listings.get(key, lambda: self._document(api.document_url or ""))
        described = read_document(api, document, self._hosts)
        send = partial(self._send, client)
        return [
            (
                operation.name,
                partial(
                    _http_tool,
                    operation=operation,
                    base_url=described.base_url,
                    secret=secret,
                    send=send,
                ),
            )
            for operation in described.operations
        ]

    def _client(self, max_bytes: int) -> httpx2.AsyncClient:
        guarded = GuardedTransport(self._hosts, max_bytes=max_bytes, seconds=self._left)
        client = httpx2.AsyncClient(transport=guarded, timeout=None, trust_env=False)
        self._resources.callback(self._portal.call, client.aclose)
        return client

    def _left(self) -> float:
        return max(min(MAX_SECONDS, self._seconds()), 0)

    def _send(self, client: httpx2.AsyncClient, request: httpx2.Request) -> httpx2.Response:
        try:
            return self._portal.call(client.send, request)
        except RequestFailed as failed:
            raise RemoteFailed(str(failed)) from failed

    def _document(self, url: str) -> dict[str, Any]:
        try:
            request = httpx2.Request("GET", url, headers={"accept": "application/json"})
        except (ValueError, httpx2.InvalidURL) as error:
            raise RemoteFailed(f"{url} is no valid URL", retryable=False) from error
        response = self._send(self._client(MAX_DOCUMENT_BYTES), request)
        if not response.is_success:
            raise RemoteFailed(
                f"{request.url.host}: answered with status {response.status_code} instead of the "
                "OpenAPI document"
            )
        try:
            document = loads_strict(response.content)
        except ValueError as error:
            raise RemoteFailed(f"{url} is not JSON", retryable=False) from error
        if not isinstance(document, dict):
            raise RemoteFailed(f"{url} is not an OpenAPI document", retryable=False)
        return document


def _mcp_tool(name: str, **parts: Any) -> AnyTool:
    return McpTool(name=name, **parts)


def _http_tool(name: str, **parts: Any) -> AnyTool:
    return HttpTool(name=name, **parts)
