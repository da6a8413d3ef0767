"""Wiring of agents: their repository and service in this process."""

from functools import cache

from shared.agents.agents.repository import AgentRepository
from shared.agents.agents.service import AgentService
from shared.agents.models.wiring import models
from shared.storage.table import table


@cache
def agent_repository() -> AgentRepository:
    """Return the repository of agents."""
    return AgentRepository(table())


@cache
def agents() -> AgentService:
    """Return the service of agents."""
    return AgentService(agent_repository(), models())
