"""Captured sessions of any kind, transcripts, and recorded conversations."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.core.clock import Clock, system_clock
from shared.core.ids import AgentId, OrganizationId, SessionId
from shared.sessions.agent_ref import AgentRef
from shared.sessions.conversation_payloads import record_message
from shared.sessions.documents import SessionCodec, session_key
from shared.sessions.domain import Event, NewEvent, Session, SessionKind, event_id
from shared.sessions.store import SessionStore
from shared.sessions.transcript import Entry, ToolAnswered, ToolCalled, Transcript
from shared.sessions.transcript_recorder import TranscriptRecorder
from shared.sessions.transcript_source import TranscriptSource
from shared.storage.records import IndexEntry
from shared.storage.table import table

CONVERSATIONS = Path(__file__).resolve().parents[1] / "fixtures" / "conversations"
AGENT = AgentRef(AgentId.parse("agent_" + "a" * 32), "Airline desk")
MOMENT = datetime(2026, 2, 7, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedSession(Session):
    """Session of any kind, with the kind's state as stored."""

    state: dict[str, Any]


class _Codec(SessionCodec[CapturedSession]):
    kind = SessionKind.AGENT

    def to_state(self, session: CapturedSession) -> dict[str, Any]:
        return session.state

    def from_state(self, common: dict[str, Any], state: dict[str, Any]) -> CapturedSession:
        return CapturedSession(**common, state=state)

    def index_entries(self, session: CapturedSession) -> dict[str, IndexEntry]:
        return {}


_CODECS = {kind: type("Codec", (_Codec,), {"kind": kind}) for kind in SessionKind}


def session_store(kind: SessionKind, clock: Clock = system_clock) -> SessionStore[CapturedSession]:
    """Return a store for any state of a kind of session."""
    return SessionStore(table(), _CODECS[kind](), clock)


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
    """Store a session with these events, appended in batches; return its id."""
    store = session_store(kind, lambda: MOMENT)
    session = CapturedSession(
        id=SessionId.new(),
        organization_id=organization_id,
        created_at=MOMENT,
        updated_at=MOMENT,
        tags=tags,
        agent=agent,
        state=state or {},
    )
    store.create(session_key(organization_id, session.id), lambda: (session, ()))
    for first in range(0, len(events), at_once):
        append(store, organization_id, session.id, events[first : first + at_once])
    return session.id


def append(
    store: SessionStore[CapturedSession],
    organization_id: OrganizationId,
    session_id: SessionId,
    events: list[tuple[str, dict[str, Any]]],
) -> None:
    """Append events to a session."""
    new = [NewEvent(type=name, data=data) for name, data in events]
    store.append(organization_id, session_id, lambda session: (session, new))


def record_events(source: TranscriptSource, *events: tuple[str, dict[str, Any]]) -> list[Entry]:
    """Return the transcript entries of these events."""
    session, recorder = SessionId.new(), TranscriptRecorder()
    log = [
        Event(id=event_id(session, n, MOMENT), type=name, sequence=n, at=MOMENT, data=data)
        for n, (name, data) in enumerate(events, 1)
    ]
    source.record(log, recorder)
    return recorder.entries


def conversation(identifier: str) -> dict[str, Any]:
    """Return a recorded conversation of the fixtures."""
    for path in sorted(CONVERSATIONS.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            found: dict[str, Any] = json.loads(line)
            if found["id"] == identifier:
                return found
    raise LookupError(identifier)


def transcript(*entries: Entry, **fields: Any) -> Transcript:
    """Return a transcript of these entries."""
    return Transcript(kind=SessionKind.AGENT, entries=entries, **fields)


def answered_call(
    number: int, tool: str, arguments: Any, output: Any = None, error: str | None = None
) -> tuple[ToolCalled, ToolAnswered]:
    """Return a tool call and its answer."""
    return ToolCalled(number, tool, arguments), ToolAnswered(number, tool, output, error)


def transcript_of_messages(messages: list[dict[str, Any]]) -> Transcript:
    """Return chat messages as a transcript."""
    recorder = TranscriptRecorder()
    for message in messages:
        record_message(recorder, message)
    return transcript(*recorder.entries)
