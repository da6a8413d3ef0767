"""Built-in capabilities, which agents and sessions can enable, and their tools."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shared.agents.agents.domain import CapabilityConfig
from shared.agents.files.tools import FILE_TOOLS
from shared.agents.tools.calculator import CALCULATOR
from shared.agents.tools.current_time import CURRENT_TIME
from shared.agents.tools.session_notes import SESSION_NOTES
from shared.agents.tools.tool import Tool
from shared.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Capability:
    """An ability of agents beyond conversation."""

    id: str
    name: str
    description: str
    tools: tuple[Tool[Any], ...]


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
    of_agent: Iterable[CapabilityConfig], of_session: Iterable[CapabilityConfig]
) -> dict[str, Tool[Any]]:
    """Return the tools of an agent's capabilities by name, then those that the session adds.

    An unknown capability has no tools.
    """
    refs = dict.fromkeys(one.ref for one in (*of_agent, *of_session))
    enabled = (_BUILT_IN[ref] for ref in refs if ref in _BUILT_IN)
    return {tool.name: tool for one in enabled for tool in one.tools}
