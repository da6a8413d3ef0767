"""Wiring of messages: their service in this process."""

from functools import cache

from shared.agents.admission.wiring import slots
from shared.agents.messages.service import MessageService
from shared.agents.models.wiring import models
from shared.agents.sessions.wiring import session_repository, turn_supervisor


@cache
def messages() -> MessageService:
    """Return the service of messages."""
    return MessageService(session_repository(), models(), turn_supervisor(), slots)
