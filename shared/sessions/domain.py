"""Session and event, of any kind of session."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from shared.core.errors import InvalidInput
from shared.core.ids import EventId, OrganizationId, SessionId
from shared.sessions.agent_ref import AgentRef


class SessionKind(StrEnum):
    """The kind of a session."""

    AGENT = "agent"
    PLAYGROUND = "playground"
    EVALUATION = "evaluation"


@dataclass(frozen=True, slots=True)
class Segment:
    """Part of a fork's log that another session stores: through a sequence, from the last
    segment's on.
    """

    session_id: SessionId
    through: int


@dataclass(frozen=True, slots=True)
class ForkPoint:
    """The session that a fork was made from, and the sequence of its log.

    ``at`` is the time of the newest event that the fork began with.
    """

    session_id: SessionId
    sequence: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The fields of all kinds of sessions.

    Attributes
    ----------
    last_sequence
        The sequence of the newest event; 0 while there is none. Sequences have no gaps.
    segments
        The parts of a fork's log that other sessions store, in order; its own events follow.
    forked_from
        The origin of a fork; None of any other session.
    version
        Number of writes of the session, from 1; its entity tag.
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
    segments: tuple[Segment, ...] = ()
    forked_from: ForkPoint | None = None

    @property
    def inherited(self) -> int:
        """The last sequence that another session stores; 0 of a session that is no fork."""
        return self.segments[-1].through if self.segments else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event in a session. Never changed, except a recorded turn.

    Attributes
    ----------
    type
        Type of the event, defined by the kind of session (``input.message``, …).
    sequence
        Position in the session's log, from 1.
    at
        Time of storing, in UTC, or that of an imported source; never before the previous event.
    context
        Context of the event: its turn, the message that it answers.
    data
        Payload; its form depends on the type.
    """

    id: EventId
    type: str
    sequence: int
    at: datetime
    context: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event before it is appended, without sequence and id.

    ``at`` is the time of an event that took place elsewhere; by default that of storing.
    """

    type: str
    data: dict[str, Any] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None


#: Bits of a session's id in the ids of its events, and of an offset in its text, added to them.
_SALT_BITS, _OFFSET_BITS = 42, 17


def event_id(session_id: SessionId, sequence: int, at: datetime) -> EventId:
    """Return the id of an event by its sequence in a session's log.

    A UUIDv8 (RFC 9562): milliseconds since the epoch, then the sequence, then bits of the
    session. So ids sort in the order of the log, whose times never decrease, and an id
    contains its sequence: reading behind an event needs no look-up.
    """
    return _position_id(session_id, sequence, at, 0)


def text_id(session_id: SessionId, sequence: int, at: datetime, offset: int) -> EventId:
    """Return the id of a text that a model has written up to an offset, and that is in no log.

    ``sequence`` is that of the last event before it, ``at`` the begin of the text, or the time
    of that event if that is later. The offset (1 to 131,071 characters) is added to the bits of
    the session: the id sorts behind that event, by offset, and before the next event.
    """
    return _position_id(session_id, sequence, at, offset)


def _position_id(session_id: SessionId, sequence: int, at: datetime, offset: int) -> EventId:
    high, low = sequence >> 20 & 0xFFF, sequence & 0xFFFFF
    last = (session_id.uuid.int + offset) & (1 << _SALT_BITS) - 1
    number = _milliseconds(at) << 80 | 8 << 76 | high << 64 | 2 << 62 | low << 42 | last
    return EventId(UUID(int=number))


def sequence_of(identifier: EventId) -> int:
    """Return the sequence that :func:`event_id` put into an id (0 to 2**32 - 1)."""
    number = identifier.uuid.int
    return (number >> 64 & 0xFFF) << 20 | number >> 42 & 0xFFFFF


def offset_of(session_id: SessionId, identifier: EventId) -> int:
    """Return the offset that :func:`text_id` put into an id; 0 of an event's id."""
    return (identifier.uuid.int - session_id.uuid.int) & (1 << _SALT_BITS) - 1


def is_within(identifier: EventId, first: datetime, last: datetime) -> bool:
    """Return whether the time in an id is between two, both included, to the millisecond."""
    return _milliseconds(first) <= identifier.uuid.int >> 80 <= _milliseconds(last)


def is_event_of(session_id: SessionId, identifier: EventId) -> bool:
    """Return whether an id is one of :func:`event_id` or :func:`text_id` for this session.

    One in 2**25 ids of another session would pass; it reads this session's log all the same.
    """
    is_ours = offset_of(session_id, identifier) < 1 << _OFFSET_BITS
    return identifier.uuid.version == 8 and is_ours


def position_of(session: Session, identifier: EventId, parameter: str) -> int:
    """Return the sequence in an id of :func:`event_id` or :func:`text_id`.

    A text may come before the first event: then it is 0. Raises ``InvalidInput``, which names
    the parameter, for an id of another session.
    """
    sequence = sequence_of(identifier)
    first = 0 if offset_of(session.id, identifier) else 1
    if not is_event_of(session.id, identifier) or not first <= sequence <= session.last_sequence:
        raise InvalidInput(f"Invalid event ID: {parameter} must be an event of this session.")
    return sequence


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000) & (1 << 48) - 1
