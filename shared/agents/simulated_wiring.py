"""Wiring of simulations with agents of this stack."""

from functools import cache

from shared.agents.agents.wiring import agent_repository
from shared.agents.messages.wiring import messages
from shared.agents.recorded_sessions import AgentSessionRecorder
from shared.agents.sessions.wiring import session_importer, session_repository, turn_supervisor
from shared.agents.simulated_sessions import AgentTarget
from shared.sessions.recorded_worlds.repository import WorldRepository
from shared.storage.table import table


@cache
def agent_target() -> AgentTarget:
    """Return the target of runs with an agent."""
    return AgentTarget(
        sessions=session_repository(),
        agents=agent_repository(),
        messages=messages(),
        supervisor=turn_supervisor(),
        worlds=WorldRepository(table()),
    )


@cache
def session_recorder() -> AgentSessionRecorder:
    """Return the recorder of simulations with agents that other programs run."""
    return AgentSessionRecorder(
        sessions=session_repository(),
        importer=session_importer(),
        worlds=WorldRepository(table()),
    )
