"""A session and its events, whatever kind of session it is."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from shared.core.ids import AgentId, EventId, OrganizationId, SessionId


class SessionKind(StrEnum):
    """Which of the products' sessions it is."""

    AGENT = "agent"
    PLAYGROUND = "playground"
    EVALUATION = "evaluation"


@dataclass(frozen=True, slots=True)
class AgentRef:
    """The agent of a session, with the name it had when the session was opened."""

    id: AgentId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What all sessions have.

    Attributes
    ----------
    last_sequence
        The sequence of the newest event; 0 while there is none. Sequences have no gaps.
    version
        Counts the writes of the session, from 1; shown as its entity tag.
    """

    kind: ClassVar[SessionKind]

    id: SessionId
    organization_id: OrganizationId
    created_at: datetime
    updated_at: datetime
    tags: tuple[str, ...] = ()
    agent: AgentRef | None = None
    last_sequence: int = 0
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened in a session. Never changed, except a recorded turn.

    Attributes
    ----------
    type
        What happened, in the words of the session's kind (``input.message``, …).
    sequence
        Its place in the session's log, from 1.
    at
        When it was stored, in UTC; never before the event in the place before.
    context
        What it belongs to: its turn, the message that this answers.
    data
        What happened, in the form of its type.
    """

    id: EventId
    type: str
    sequence: int
    at: datetime
    context: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event before the log has given it its place: its sequence, its time and its id."""

    type: str
    data: dict[str, Any] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)


def event_id(session_id: SessionId, sequence: int, at: datetime) -> EventId:
    """Return the id of the event at a place in a session's log.

    A UUIDv8 (RFC 9562): milliseconds since the epoch, then the sequence, then bits of the
    session. So ids sort in the order of the log, whose times never run backwards, and an id
    tells its sequence: reading on behind an event needs no look-up.
    """
    milliseconds = int(at.timestamp() * 1000) & (1 << 48) - 1
    high, low = sequence >> 20 & 0xFFF, sequence & 0xFFFFF
    salt = session_id.uuid.int & (1 << 42) - 1
    number = milliseconds << 80 | 8 << 76 | high << 64 | 2 << 62 | low << 42 | salt
    return EventId(UUID(int=number))


def sequence_of(identifier: EventId) -> int:
    """Return the sequence that :func:`event_id` put into an id (0 to 2**32 - 1)."""
    number = identifier.uuid.int
    return (number >> 64 & 0xFFF) << 20 | number >> 42 & 0xFFFFF


def is_event_of(session_id: SessionId, identifier: EventId) -> bool:
    """Tell whether an id is one that :func:`event_id` gives to events of a session."""
    salt = (1 << 42) - 1
    return identifier.uuid.version == 8 and not ((identifier.uuid.int ^ session_id.uuid.int) & salt)
