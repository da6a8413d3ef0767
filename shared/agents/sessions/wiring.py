"""Wiring of agent sessions: their repository, turn supervisor and service in this process."""

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from shared.agents.agents.wiring import agent_repository
from shared.agents.models.wiring import models
from shared.agents.sessions.repository import AgentSessionRepository
from shared.agents.sessions.service import AgentSessionService
from shared.agents.turns.supervisor import TurnSupervisor
from shared.core.settings import settings
from shared.storage.table import table

if TYPE_CHECKING:
    from shared.agents.sessions.importing import AgentSessionImporter


@cache
def session_repository() -> AgentSessionRepository:
    """Return the repository of agent sessions."""
    return AgentSessionRepository(table())


@cache
def turn_supervisor() -> TurnSupervisor:
    """Return the supervisor of turns."""
    return TurnSupervisor(session_repository(), turn_timeout())


@cache
def sessions() -> AgentSessionService:
    """Return the service of agent sessions."""
    return AgentSessionService(
        session_repository(), agent_repository(), models(), turn_supervisor()
    )


@cache
def session_importer() -> "AgentSessionImporter":
    """Return the importer of captured conversations."""
    from shared.agents.sessions.importing import AgentSessionImporter  # noqa: PLC0415  # for imports only

    return AgentSessionImporter(session_repository(), agent_repository())


def turn_timeout() -> timedelta:
    """Return the time limit of a turn."""
    return timedelta(seconds=settings().turn_timeout_seconds)


def tool_result_timeout() -> timedelta:
    """Return the time limit of a turn's wait for results of client-side tools."""
    return timedelta(seconds=settings().tool_result_timeout_seconds)
