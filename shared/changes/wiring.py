"""Wiring of change events: the event bus of a process."""

from functools import cache

from shared.changes.event_bridge import EventBridge
from shared.core.settings import settings


@cache
def event_bridge() -> EventBridge:
    """Return the event bus of this process."""
    return EventBridge.connect(settings().event_bus_name)
