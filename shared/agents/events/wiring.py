"""Wiring of events: their service in this process."""

from functools import cache

from shared.agents.events.service import EventService
from shared.agents.sessions.wiring import session_repository, turn_supervisor


@cache
def events() -> EventService:
    """Return the service of events."""
    return EventService(session_repository(), turn_supervisor())
