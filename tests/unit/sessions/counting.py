"""Appending to sessions that count their changes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from shared.sessions.models import NewEvent
from shared.sessions.store import SessionStore
from tests.unit.sessions.conftest import (
    ORGANIZATION,
    CountingSession,
    events,
)

type Store = SessionStore[CountingSession]


def counting(new: list[NewEvent]) -> Callable[[Any], Any]:
    """Return a change that counts itself and adds these events."""
    return lambda session: (replace(session, count=session.count + 1), new)


def append(store: Store, session: CountingSession, number: int = 1, **options: Any) -> Any:
    return store.append(ORGANIZATION, session.id, counting(events(number)), **options)


def sequences(store: Store, session: CountingSession, after: int = 0) -> list[int]:
    return [event.sequence for event in store.read(ORGANIZATION, session.id, after=after)[1]]
