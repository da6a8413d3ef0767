"""A kind of session for the tests of the store, with a counter of its own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.core.ids import OrganizationId, SessionId
from shared.sessions.models import NewEvent, Session, SessionKind
from shared.sessions.store import SessionStore
from shared.storage.idempotency import Idempotency
from shared.storage.records import BY_LINK, Row
from shared.storage.table import Table

ORGANIZATION = OrganizationId.new()


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingSession(Session):
    """A session that counts how often it was changed."""

    kind = SessionKind.AGENT

    count: int = 0
    closed: bool = False


class CountingCodec:
    """Stores counting sessions."""

    kind = SessionKind.AGENT

    def to_state(self, session: CountingSession) -> dict[str, Any]:
        return {"count": session.count, "closed": session.closed}

    def from_state(self, common: dict[str, Any], state: dict[str, Any]) -> CountingSession:
        return CountingSession(**common, **state)

    def rows(self, session: CountingSession) -> dict[str, Row]:
        return {BY_LINK: Row(f"{session.organization_id}#link", session.id.hex)}


class OtherCodec(CountingCodec):
    """The same as another kind of session."""

    kind = SessionKind.EVALUATION


class Ticking:
    """A clock that goes on by a millisecond with each look at it, unless it is set."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def table(dynamodb_table: Any) -> Table:
    return Table(dynamodb_table, "agent-sessions-test", shards=3)


@pytest.fixture
def store(table: Table, clock: Ticking) -> SessionStore[CountingSession]:
    return SessionStore(table, CountingCodec(), clock)


@pytest.fixture
def session(store: SessionStore[CountingSession]) -> CountingSession:
    """A session that is open, without events."""
    return store.open(new_session()).session


def new_session(identifier: SessionId | None = None) -> CountingSession:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return CountingSession(
        id=identifier or SessionId.new(),
        organization_id=ORGANIZATION,
        created_at=moment,
        updated_at=moment,
        tags=("a", "b"),
    )


def idempotency(fingerprint: str = "f", key: str = "k") -> Idempotency:
    return Idempotency(
        organization_id=ORGANIZATION, operation="POST /m", key=key, fingerprint=fingerprint
    )


def events(number: int, *, size: int = 0, name: str = "e") -> list[NewEvent]:
    return [NewEvent(type=name, data={"n": place, "pad": "x" * size}) for place in range(number)]
