"""Wiring of forks: their service in this process."""

from functools import cache

from shared.agents.forks.service import AgentForkService
from shared.agents.sessions.wiring import session_repository


@cache
def forks() -> AgentForkService:
    """Return the service of forks."""
    return AgentForkService(session_repository())
