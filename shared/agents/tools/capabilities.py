"""Capabilities, which agents and sessions can enable, and their tools."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from shared.agents.agents.domain import HTTP, MCP, CapabilityConfig
from shared.agents.files.tools import FILE_TOOLS
from shared.agents.tools.calculator import CALCULATOR
from shared.agents.tools.current_time import CURRENT_TIME
from shared.agents.tools.session_notes import SESSION_NOTES
from shared.agents.tools.tool import AnyTool, Tool
from shared.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Capability:
    """An ability of agents beyond conversation.

    ``tools`` are built in; those of a remote capability are known when a turn begins.
    """

    id: str
    name: str
    description: str
    tools: tuple[Tool[Any], ...] = ()

    @property
    def is_mcp(self) -> bool:
        return self.id == MCP


#: Returns the tools of remote capabilities by name; the second argument is the names taken.
type RemoteSource = Callable[[list[CapabilityConfig], Iterable[str]], dict[str, AnyTool]]


_BUILT_IN = {
    capability.id: capability
    for capability in (
        Capability(
            "current_time",
            "Current time",
            "Returns the date and time in any time zone.",
            (CURRENT_TIME,),
        ),
        Capability("calculator", "Calculator", "Computes arithmetic exactly.", (CALCULATOR,)),
        Capability(
            "session_notes",
            "Session notes",
            "Stores notes for the duration of the session: sets, reads and lists them.",
            (SESSION_NOTES,),
        ),
        Capability(
            "session_file_system",
            "File System",
            "Reads, writes, lists, searches and deletes files of the session.",
            FILE_TOOLS,
        ),
        Capability(
            MCP,
            "MCP server",
            "Calls the tools of a remote MCP server (streamable HTTP). config: url; optionally "
            "secret, header, tools. Several servers are told apart by labels, as mcp:weather.",
        ),
        Capability(
            HTTP,
            "HTTP API",
            "Calls the operations of an HTTP API. config: document (OpenAPI 3) or document_url; "
            "optionally server, secret, operations. Several are told apart by labels, as "
            "http:orders.",
        ),
    )
}


def capabilities(search: str = "") -> list[Capability]:
    """Return all capabilities, or those whose name or description contains a text."""
    text = search.casefold()
    return [
        one for one in _BUILT_IN.values() if text in f"{one.name}\n{one.description}".casefold()
    ]


def capability(identifier: str) -> Capability:
    """Return a capability. Raises ``NotFound``."""
    if identifier not in _BUILT_IN:
        raise NotFound("Capability not found")
    return _BUILT_IN[identifier]


def enabled_tools(
    of_agent: Iterable[CapabilityConfig],
    of_session: Iterable[CapabilityConfig],
    remote: RemoteSource,
) -> dict[str, AnyTool]:
    """Return the tools of an agent's capabilities by name, then those that the session adds.

    A capability of the session replaces the agent's of the same ref. An unknown capability has
    no tools. ``remote`` is called only if there are remote capabilities, and may raise
    ``ToolsUnavailable``.
    """
    enabled = {one.ref: one for one in (*of_agent, *of_session)}
    tools: dict[str, AnyTool] = {
        tool.name: tool for ref in enabled if ref in _BUILT_IN for tool in _BUILT_IN[ref].tools
    }
    elsewhere = [one for one in enabled.values() if one.is_remote]
    return tools | remote(elsewhere, tools) if elsewhere else tools
