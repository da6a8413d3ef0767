"""The services of agents, sessions and messages, wired for a process."""

from functools import cache

from shared.agents.agent_repository import AgentRepository
from shared.agents.agent_service import AgentService
from shared.agents.domain import AgentSession
from shared.agents.message_service import MessageService
from shared.agents.session_repository import AgentSessionCodec
from shared.agents.session_service import AgentSessionService
from shared.core.settings import settings
from shared.llm.registry import ModelRegistry
from shared.sessions.store import SessionStore
from shared.storage.table import table


@cache
def models() -> ModelRegistry:
    """Return the models of the stack."""
    return ModelRegistry.parse(settings().models)


@cache
def agents() -> AgentService:
    """Return the service of agents."""
    return AgentService(AgentRepository(table()), models())


@cache
def sessions() -> AgentSessionService:
    """Return the service of agent sessions."""
    return AgentSessionService(_store(), agents(), models())


@cache
def messages() -> MessageService:
    """Return the service of messages."""
    return MessageService(_store(), models())


@cache
def _store() -> SessionStore[AgentSession]:
    return SessionStore(table(), AgentSessionCodec())
