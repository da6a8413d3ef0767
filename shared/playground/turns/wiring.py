"""Playground turn service and session stream of this process."""

import time
from functools import cache

from shared.core.settings import settings
from shared.playground.graph_repository import GraphRepository
from shared.playground.sessions.repository import PlaygroundSessionRepository
from shared.playground.speakers.wiring import configured_agent
from shared.playground.turns.approvals import ApprovalExpiry
from shared.playground.turns.service import PlaygroundTurnService, TurnEnvironment
from shared.playground.turns.stream import SessionStream
from shared.sessions.waiting import Waiting
from shared.storage.table import table


@cache
def playground_turns() -> PlaygroundTurnService:
    """Return the playground turn service."""
    environment = TurnEnvironment(configured_agent, sleep=_sleep)
    return PlaygroundTurnService(
        PlaygroundSessionRepository(table()), GraphRepository(table()), environment
    )


@cache
def session_stream() -> SessionStream:
    """Return the stream of a session's turns."""
    waiting = Waiting(seconds=settings().stream_wait_seconds, sleep=_sleep)
    return SessionStream(PlaygroundSessionRepository(table()), waiting)


@cache
def approval_expiry() -> ApprovalExpiry:
    """Return the expiry of overdue approvals."""
    return ApprovalExpiry(PlaygroundSessionRepository(table()), playground_turns())


def _sleep(seconds: float) -> None:
    time.sleep(seconds)
