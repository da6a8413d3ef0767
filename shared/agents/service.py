"""The services of agents, sessions and messages, wired for a process."""

from datetime import timedelta
from functools import cache

from shared.agents.agent_repository import AgentRepository
from shared.agents.agent_service import AgentService
from shared.agents.domain import AgentSession
from shared.agents.event_service import EventService
from shared.agents.message_service import MessageService
from shared.agents.session_repository import AgentSessionCodec
from shared.agents.session_service import AgentSessionService
from shared.agents.turn_keeper import TurnKeeper
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
    return AgentService(AgentRepository(table()), models(), sleep=table().sleep)


@cache
def sessions() -> AgentSessionService:
    """Return the service of agent sessions."""
    return AgentSessionService(store(), agents(), models(), turns())


@cache
def messages() -> MessageService:
    """Return the service of messages."""
    return MessageService(store(), models(), turns())


@cache
def events() -> EventService:
    """Return the service of events."""
    return EventService(store(), turns())


@cache
def turns() -> TurnKeeper:
    """Return what cancels turns, and stops those that have lost their runner."""
    return TurnKeeper(store(), turn_timeout())


def turn_timeout() -> timedelta:
    """Return how long a turn may take."""
    return timedelta(seconds=settings().turn_timeout_seconds)


@cache
def store() -> SessionStore[AgentSession]:
    """Return where agent sessions are kept."""
    return SessionStore(table(), AgentSessionCodec())
