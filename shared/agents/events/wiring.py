"""Wiring of events: their service and stream in this process."""

from functools import cache

from shared.agents.events.service import EventService
from shared.agents.events.stream import EventStream
from shared.agents.sessions.wiring import session_repository, turn_supervisor
from shared.core.settings import settings
from shared.sessions.waiting import Waiting


@cache
def events() -> EventService:
    """Return the service of events."""
    return EventService(session_repository(), turn_supervisor())


@cache
def event_stream() -> EventStream:
    """Return the stream of events."""
    waiting = Waiting(seconds=settings().stream_wait_seconds)
    return EventStream(events(), session_repository(), waiting)
