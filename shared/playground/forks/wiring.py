"""Playground fork service of this process."""

from functools import cache

from shared.playground.forks.service import PlaygroundForkService
from shared.playground.sessions.repository import PlaygroundSessionRepository
from shared.storage.table import table


@cache
def playground_forks() -> PlaygroundForkService:
    """Return the playground fork service."""
    return PlaygroundForkService(PlaygroundSessionRepository(table()))
