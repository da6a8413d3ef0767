"""Fixtures of sessions: a kind of session for tests, its store, and appends to its log."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from shared.core.ids import OrganizationId, SessionId
from shared.sessions.documents import SessionCodec, session_key
from shared.sessions.domain import Event, NewEvent, Session, SessionKind
from shared.sessions.event_documents import events_of
from shared.sessions.store import Appended, SessionStore
from shared.storage.idempotency import Idempotency
from shared.storage.records import BY_LINK, IndexEntry, Key, Record
from shared.storage.repository import Created
from shared.storage.table import Table

ORGANIZATION = OrganizationId.new()
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingSession(Session):
    """Session that counts its changes."""

    kind = SessionKind.AGENT

    count: int = 0
    closed: bool = False


class CountingCodec(SessionCodec[CountingSession]):
    kind = SessionKind.AGENT

    def to_state(self, session: CountingSession) -> dict[str, Any]:
        return {"count": session.count, "closed": session.closed}

    def from_state(self, common: dict[str, Any], state: dict[str, Any]) -> CountingSession:
        return CountingSession(**common, **state)

    def index_entries(self, session: CountingSession) -> dict[str, IndexEntry]:
        return {BY_LINK: IndexEntry(f"{session.organization_id}#link", session.id.hex)}


class Store(SessionStore[CountingSession]):
    """Store of one organization's counting sessions."""

    def add(self, session: CountingSession, number: int = 1, **options: Any) -> Any:
        """Append events, and count the change."""
        return self.add_events(session, events(number), **options)

    def add_events(
        self, session: CountingSession, new: list[NewEvent], **options: Any
    ) -> Appended[CountingSession]:
        return self.append(ORGANIZATION, session.id, counting(new), **options)

    def close(self, session: CountingSession, **options: Any) -> CountingSession:
        """Change the session without events."""
        closed: Callable[[Any], Any] = lambda found: replace(found, closed=True)  # noqa: E731
        return self.change(ORGANIZATION, session.id, closed, **options)

    def newest(self, session: CountingSession) -> CountingSession:
        return self.get(ORGANIZATION, session.id)

    def log(self, session: CountingSession, after: int = 0) -> list[Event]:
        return self.read(ORGANIZATION, session.id, after=after)[1]

    def sequences(self, session: CountingSession, after: int = 0) -> list[int]:
        return sequences(self.log(session, after))

    def items(self, session: CountingSession) -> list[Record]:
        """Return the items of the events."""
        return list(self.table.query(Key(partition(session), "events"), upto="events~"))

    def stored_sequences(self, session: CountingSession) -> list[list[int]]:
        """Return the sequences of the events by item."""
        return [sequences(events_of(item)) for item in self.items(session)]


class Ticking:
    """Clock that advances by a millisecond whenever it is read."""

    def __init__(self) -> None:
        self.now = MOMENT

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def store(table: Table, clock: Ticking) -> Store:
    return Store(table, CountingCodec(), clock)


@pytest.fixture
def session(store: Store) -> CountingSession:
    """An open session without events."""
    return create(store, new_session()).entity


def create(
    store: Store, session: CountingSession, idempotency: Idempotency | None = None
) -> Created[CountingSession]:
    key = session_key(session.organization_id, session.id)
    return store.create(key, lambda: (session, ()), idempotency)


def new_session(identifier: SessionId | None = None) -> CountingSession:
    return CountingSession(
        id=identifier or SessionId.new(),
        organization_id=ORGANIZATION,
        created_at=MOMENT,
        updated_at=MOMENT,
        tags=("a", "b"),
    )


def partition(session: CountingSession) -> str:
    return session_key(ORGANIZATION, session.id).partition


def idempotency(fingerprint: str = "f", key: str = "k") -> Idempotency:
    return Idempotency(
        organization_id=ORGANIZATION, operation="POST /m", key=key, fingerprint=fingerprint
    )


def events(number: int, *, size: int = 0, name: str = "e") -> list[NewEvent]:
    """Return events whose data does not compress well."""
    noise = b64encode(Random(number).randbytes(size)).decode()
    return [NewEvent(type=name, data={"n": n, "pad": noise[:size]}) for n in range(number)]


def counting(new: list[NewEvent]) -> Callable[[Any], Any]:
    """Return a change that counts itself and adds these events."""
    return lambda session: (replace(session, count=session.count + 1), new)


def sequences(log: list[Event]) -> list[int]:
    return [event.sequence for event in log]
