"""Which tools a turn has: those of the agent's capabilities, then of the session's."""

from collections.abc import Iterable
from typing import Any

from shared.agents.domain import CapabilityConfig
from shared.agents.tools.calculator import CALCULATOR
from shared.agents.tools.current_time import CURRENT_TIME
from shared.agents.tools.session_notes import SESSION_NOTES
from shared.agents.tools.tool import Tool

#: By the capability that brings them.
TOOLS: dict[str, tuple[Tool[Any], ...]] = {
    "current_time": (CURRENT_TIME,),
    "calculator": (CALCULATOR,),
    "session_notes": (SESSION_NOTES,),
}


def effective_capabilities(
    of_agent: Iterable[CapabilityConfig], of_session: Iterable[CapabilityConfig]
) -> list[CapabilityConfig]:
    """Return the agent's capabilities in order, then the session's that are not there yet."""
    first: dict[str, CapabilityConfig] = {}
    for one in (*of_agent, *of_session):
        first.setdefault(one.ref, one)
    return list(first.values())


def tools_of(capabilities: Iterable[CapabilityConfig]) -> dict[str, Tool[Any]]:
    """Return the tools of capabilities by name; a capability nobody knows brings none."""
    return {tool.name: tool for one in capabilities for tool in TOOLS.get(one.ref, ())}
