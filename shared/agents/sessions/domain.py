"""Agent session and its running turn."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from shared.agents.agents.domain import CapabilityConfig
from shared.core.ids import AgentId, MessageId, ModelId, TurnId
from shared.llm.port import NO_USAGE, TokenUsage
from shared.sessions.domain import Session, SessionKind


class SessionStatus(StrEnum):
    """Status of a session: before the first turn, during a turn, after a turn."""

    STARTED = "started"
    ACTIVE = "active"
    IDLE = "idle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The running turn of a session.

    Attributes
    ----------
    input_message_id, input_sequence
        The message that it answers, and that message's sequence in the log.
    runner
        Id of the run that owns the turn; no other run may write for it (see ``turns.states``).
    cause
        Id of the stream record that started the turn. When that record is delivered again,
        the first run is gone.
    heartbeat_at
        Time of the last progress.
    iterations, usage
        Number of model answers so far, and their tokens.
    """

    id: TurnId
    input_message_id: MessageId
    input_sequence: int
    runner: str
    cause: str
    started_at: datetime
    heartbeat_at: datetime
    iterations: int = 0
    usage: TokenUsage = NO_USAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSession(Session):
    """A conversation with an agent.

    Attributes
    ----------
    model_id
        The requested model, or the agent's default model at the time of creation.
    capabilities
        The session's own; a turn adds them to the agent's.
    preview, output_preview
        Beginnings of the first user message and of the agent's last message, stored here so
        that a list needs no messages.
    started_at
        Start of the first turn.
    usage
        Tokens of all turns.
    message_count, turn_count
        Written together with the events that they count.
    turn
        The running turn, or None. There is at most one.
    last_input_sequence, answered_through
        Sequences of the last user message, and of the last one whose turn has ended. Messages
        in between wait for their turns, in order.
    waiting_since
        Since when a message waits or a turn runs; None while the session is idle. The sweep
        handles sessions that have waited too long.
    """

    kind: ClassVar[SessionKind] = SessionKind.AGENT

    title: str | None = None
    model_id: ModelId | None = None
    capabilities: tuple[CapabilityConfig, ...] = ()
    status: SessionStatus = SessionStatus.STARTED
    preview: str | None = None
    output_preview: str | None = None
    started_at: datetime | None = None
    usage: TokenUsage = NO_USAGE
    message_count: int = 0
    turn_count: int = 0
    turn: Turn | None = None
    last_input_sequence: int = 0
    answered_through: int = 0
    waiting_since: datetime | None = None

    @property
    def is_waiting(self) -> bool:
        """True while a message waits for a turn or for the end of its turn."""
        return self.last_input_sequence > self.answered_through

    @property
    def agent_id(self) -> AgentId:
        """Id of the session's agent."""
        assert self.agent is not None  # noqa: S101  # no session of this kind is created without
        return self.agent.id
