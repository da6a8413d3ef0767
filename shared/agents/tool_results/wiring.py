"""Wiring of tool results: their service in this process."""

from functools import cache

from shared.agents.sessions.wiring import session_repository, turn_supervisor
from shared.agents.tool_results.service import ToolResultService


@cache
def tool_results() -> ToolResultService:
    """Return the service of tool results."""
    return ToolResultService(session_repository(), turn_supervisor())
