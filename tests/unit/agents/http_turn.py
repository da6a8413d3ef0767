"""Turn of an agent with HTTP tools: the document of a small shop, calls and their requests."""

from datetime import UTC, datetime
from typing import Any

from shared.agents.agents.domain import CapabilityConfig
from shared.agents.files.staging import StagedFiles
from shared.agents.tools.listings import Listings
from shared.agents.tools.notes import Notes
from shared.agents.tools.remote import RemoteTools
from shared.agents.tools.tool import AnyTool, ToolContext
from shared.egress.hosts import AllowedHosts
from tests.support.raw_server import RawServer


def _no_files() -> StagedFiles:
    raise AssertionError("a remote tool reads no files")


CONTEXT = ToolContext(datetime(2026, 1, 1, tzinfo=UTC), Notes, _no_files)
SECRET = "user:pa55-word"


def parameter(name: str, location: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"name": name, "in": location, "schema": {"type": kind}, **more}


def document(**more: Any) -> dict[str, Any]:
    """Return the document of a small shop."""
    item = {
        "type": "object",
        "required": ["sku"],
        "properties": {
            "sku": {"type": "string"},
            "count": {"type": "integer", "nullable": True},
            "part_of": {"$ref": "#/components/schemas/Item"},
        },
    }
    schema = {"$ref": "#/components/schemas/Item"}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {
        "openapi": "3.0.3",
        "servers": [{"url": "http://127.0.0.1:1/v1"}],
        "components": {
            "schemas": {"Item": item},
            "parameters": {"Page": parameter("page", "query", "integer")},
        },
        "paths": {
            "/orders/{id}": {
                "parameters": [parameter("id", "path", required=True)],
                "get": {
                    "operationId": "get.order",
                    "summary": "Get an order",
                    "parameters": [
                        parameter("fields", "query", "array"),
                        parameter("X-Trace", "header"),
                        parameter("Authorization", "header"),
                        {"$ref": "#/components/parameters/Page"},
                    ],
                },
                "put": {"operationId": "put_order", "requestBody": body},
                "delete": {"operationId": "delete_order"},
            },
            "/orders": {
                "post": {"requestBody": body, "operationId": "add_order"},
                "get": {"parameters": [parameter("tags", "query", "array", explode=False)]},
            },
            "/files": {
                "post": {
                    "operationId": "upload",
                    "requestBody": {"required": True, "content": {"multipart/form-data": {}}},
                }
            },
        },
        **more,
    }


class Turn:
    def __init__(self) -> None:
        self.opened: list[RemoteTools] = []
        self.listings = Listings()

    def __call__(self, **config: Any) -> dict[str, AnyTool]:
        remote = RemoteTools(
            "org_1",
            AllowedHosts.parse("127.0.0.1"),
            secret=lambda _: SECRET,
            seconds=lambda: 10.0,
            listings=self.listings,
        )
        self.opened.append(remote)
        return remote.tools([CapabilityConfig("http:shop", config)], ())


def call(found: AnyTool, **arguments: Any) -> Any:
    return found.call(arguments, CONTEXT)


def request(server: RawServer) -> tuple[str, dict[str, str], str]:
    """Return the last request: its first line, headers and body."""
    head, _, body = server.requests[-1].decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return first.removesuffix(" HTTP/1.1"), headers, body


BASIC = {"type": "http", "scheme": "Basic"}
COOKIE = {"type": "apiKey", "in": "cookie", "name": "key"}
