"""Sessions of any kind as they would have been captured, and real conversations."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from shared.core.ids import AgentId, OrganizationId, SessionId
from shared.sessions.conversation_payloads import record_message
from shared.sessions.models import AgentRef, NewEvent, Session, SessionKind
from shared.sessions.store import SessionStore
from shared.sessions.transcript import Transcript
from shared.sessions.transcript_recorder import TranscriptRecorder
from shared.storage.records import Row
from shared.storage.table import table

CONVERSATIONS = Path(__file__).resolve().parents[1] / "fixtures" / "conversations"
AGENT = AgentRef(AgentId.parse("agent_" + "a" * 32), "Airline desk")
MOMENT = datetime(2026, 2, 7, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedSession(Session):
    """A session of whatever kind, with whatever only that kind has."""

    state: dict[str, Any]


@dataclass
class AnyCodec:
    """Stores sessions of a kind without knowing the kind's own fields."""

    kind: SessionKind

    def to_state(self, session: CapturedSession) -> dict[str, Any]:
        return session.state

    def from_state(self, common: dict[str, Any], state: dict[str, Any]) -> CapturedSession:
        return CapturedSession(**common, state=state)

    def rows(self, session: CapturedSession) -> dict[str, Row]:
        return {}


def capture(
    organization_id: OrganizationId,
    kind: SessionKind,
    events: list[tuple[str, dict[str, Any]]],
    *,
    tags: tuple[str, ...] = (),
    agent: AgentRef | None = None,
    state: dict[str, Any] | None = None,
    at_once: int = 1000,
) -> SessionId:
    """Store a session with these events, so many of them at once; return its id."""
    store = SessionStore[CapturedSession](table(), AnyCodec(kind), lambda: MOMENT)
    session = CapturedSession(
        id=SessionId.new(),
        organization_id=organization_id,
        created_at=MOMENT,
        updated_at=MOMENT,
        tags=tags,
        agent=agent,
        state=state or {},
    )
    store.open(session)
    new = [NewEvent(type=name, data=data) for name, data in events]
    for first in range(0, len(new), at_once):
        portion = new[first : first + at_once]
        store.append(organization_id, session.id, partial(_with, portion))
    return session.id


def _with(
    events: list[NewEvent], session: CapturedSession
) -> tuple[CapturedSession, list[NewEvent]]:
    return session, events


def conversation(identifier: str) -> dict[str, Any]:
    """Return a real conversation out of the fixtures."""
    for path in sorted(CONVERSATIONS.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            found: dict[str, Any] = json.loads(line)
            if found["id"] == identifier:
                return found
    raise LookupError(identifier)


def transcript_of_messages(messages: list[dict[str, Any]]) -> Transcript:
    """Return chat messages as a transcript."""
    recorder = TranscriptRecorder()
    for message in messages:
        record_message(recorder, message)
    return Transcript(kind=SessionKind.AGENT, entries=tuple(recorder.entries))
