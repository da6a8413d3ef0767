"""Real MCP server on 127.0.0.1, made with the official package's own server side."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
import mcp_types as types
import uvicorn
from mcp.server.lowlevel import Server
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from local.rie import free_port

WEATHER_SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
}
PIXEL = "iVBORw0KGgo="


@dataclass
class McpServer:
    """The server's URL, its tools, and what it received."""

    url: str = ""
    tools: list[types.Tool] = field(default_factory=list)
    page: int = 10_000
    headers: list[dict[str, str]] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def listings(self) -> int:
        """Number of requests for the listing."""
        return sum(one.get("mcp-method") == "tools/list" for one in self.headers)


def tool(name: str, description: str = "A tool.", **more: Any) -> types.Tool:
    more.setdefault("input_schema", {"type": "object", "properties": {}})
    return types.Tool(name=name, description=description, **more)


def weather_tools() -> list[types.Tool]:
    """Return tools that answer in every form; each has the name of its form."""
    read_only = types.ToolAnnotations(read_only_hint=True)
    return [
        tool("forecast", "Weather of a city.", input_schema=WEATHER_SCHEMA, annotations=read_only),
        tool("structured", annotations=types.ToolAnnotations(idempotent_hint=True)),
        *map(tool, ("media", "fails", "slow", "large", "echo.headers", "silent")),
    ]


async def _answer(server: McpServer, name: str, arguments: dict[str, Any]) -> types.CallToolResult:
    content: list[Any] = []
    match name:
        case "forecast":
            content = [types.TextContent(text=f"Sunny in {arguments.get('city')}")]
        case "structured":
            return types.CallToolResult(content=[], structured_content={"celsius": 21.5})
        case "media":
            blob = types.BlobResourceContents(uri="file:///b", mime_type="x/y", blob=PIXEL)
            text = types.TextResourceContents(uri="file:///t", text="inside")
            content = [
                types.TextContent(text="Two things:"),
                types.ImageContent(data=PIXEL, mime_type="image/png"),
                types.EmbeddedResource(resource=text),
                types.EmbeddedResource(resource=blob),
                types.ResourceLink(name="report", uri="https://example.com/r"),
            ]
        case "fails":
            text_content = types.TextContent(text="no such city")
            return types.CallToolResult(content=[text_content], is_error=True)
        case "slow":
            await anyio.sleep(30)
        case "large":
            content = [types.TextContent(text="x" * 500_000)]
        case "echo.headers":
            content = [types.TextContent(text=str(server.headers[-1]))]
        case other if other.startswith("tool_"):
            content = [types.TextContent(text=f"{other} called")]
    return types.CallToolResult(content=content)


@contextmanager
def mcp_server(
    tools: list[types.Tool] | None = None, *, is_old: bool = False, **settings: Any
) -> Iterator[McpServer]:
    """Run a server; ``settings`` are those of the package's application.

    One that ``is_old`` knows the protocol with a handshake only.
    """
    running = McpServer(tools=weather_tools() if tools is None else tools)

    async def list_tools(_: Any, params: types.PaginatedRequestParams | None) -> Any:
        start = int(params.cursor) if params and params.cursor else 0
        end = start + running.page
        more = str(end) if end < len(running.tools) else None
        return types.ListToolsResult(tools=running.tools[start:end], next_cursor=more)

    async def call_tool(_: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        running.calls.append((params.name, params.arguments or {}))
        return await _answer(running, params.name, params.arguments or {})

    server = Server("weather", on_list_tools=list_tools, on_call_tool=call_tool)
    with served(_recording(server.streamable_http_app(**settings), running, is_old)) as url:
        running.url = f"{url}/mcp"
        yield running


def _recording(app: ASGIApp, running: McpServer, is_old: bool) -> ASGIApp:
    async def recorded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            running.methods.append(scope["method"])
            headers = {k.decode(): v.decode() for k, v in scope["headers"]}
            running.headers.append(headers)
            if is_old and headers.get("mcp-method") == "server/discover":
                await Response(status_code=400)(scope, receive, send)
                return
        await app(scope, receive, send)

    return recorded


@contextmanager
def served(app: ASGIApp | Callable[..., Any]) -> Iterator[str]:
    """Run an application on a port of its own; return its URL."""
    port = free_port()
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="critical", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
