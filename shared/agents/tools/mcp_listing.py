"""Listing of an MCP server: the tools that a turn offers to its model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import mcp_types

from shared.agents.tools.remote_failure import (
    MAX_DESCRIPTION_LENGTH,
    MAX_LISTING_BYTES,
    MAX_SCHEMA_BYTES,
    RemoteFailed,
)
from shared.core.json import dumps, valid_text, valid_value


@dataclass(frozen=True, slots=True)
class ListedTool:
    """A tool as the server lists it."""

    name: str
    description: str
    schema: dict[str, Any]
    is_repeatable: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """Tools of a server that are offered, and the protocol mode in which it was reached."""

    tools: tuple[ListedTool, ...]
    mode: str


def offered(
    found: Mapping[str, mcp_types.Tool], wanted: tuple[str, ...] | None
) -> tuple[ListedTool, ...]:
    """Return listed tools in the order of the server. Raises :class:`RemoteFailed`."""
    missing = [name for name in wanted or () if name not in found]
    if missing:
        raise RemoteFailed(f"lists no tool {missing[0]}", retryable=False)
    tools = tuple(_listed(tool) for tool in found.values())
    if sum(len(dumps(tool.schema)) + len(tool.description) for tool in tools) > MAX_LISTING_BYTES:
        raise RemoteFailed(
            f"describes its tools in more than {MAX_LISTING_BYTES // 1024} KiB; name those to use "
            "in the capability's `tools`",
            retryable=False,
        )
    return tools


def _listed(tool: mcp_types.Tool) -> ListedTool:
    try:
        schema = valid_value(tool.input_schema)
        size = len(dumps(schema).encode())
    except ValueError as error:  # NaN, and numbers too long for JSON
        raise RemoteFailed(f"lists {tool.name} with an invalid schema", retryable=False) from error
    if size > MAX_SCHEMA_BYTES:
        raise RemoteFailed(
            f"lists {tool.name} with a schema of more than {MAX_SCHEMA_BYTES // 1024} KiB; name "
            "others in the capability's `tools`",
            retryable=False,
        )
    hints = tool.annotations
    return ListedTool(
        name=tool.name,
        description=valid_text(tool.description or tool.title or "")[:MAX_DESCRIPTION_LENGTH],
        schema={"type": "object", "properties": {}} | schema,
        is_repeatable=bool(hints and (hints.read_only_hint or hints.idempotent_hint)),
    )
