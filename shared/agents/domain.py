"""What agents, their sessions and messages are."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from shared.core.ids import AgentId, MessageId, ModelId, OrganizationId, SessionId, TurnId
from shared.llm.port import NO_USAGE, TokenUsage
from shared.sessions.models import AgentRef, Session, SessionKind

#: Characters of a message that a session's preview shows, at most (the Everruns API).
PREVIEW_LENGTH = 200


class AgentStatus(StrEnum):
    """An archived agent takes no new sessions and is in no list."""

    ACTIVE = "active"
    ARCHIVED = "archived"


class SessionStatus(StrEnum):
    """No turn yet; a turn runs; the last turn has ended. There is no end state."""

    STARTED = "started"
    ACTIVE = "active"
    IDLE = "idle"


class MessageRole(StrEnum):
    """Who speaks. Clients speak as ``user``; ``system`` is in the API, but never stored."""

    SYSTEM = "system"
    USER = "user"
    AGENT = "agent"
    TOOL_RESULT = "tool_result"


@dataclass(frozen=True, slots=True)
class CapabilityConfig:
    """A capability switched on, for an agent or a session.

    ``ref`` names the capability; one that this stack does not know is kept and ignored.
    ``config`` is the capability's own matter; None is the same as none.
    """

    ref: str
    config: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """How an assistant behaves: its prompt, its model, its capabilities.

    ``version`` counts the writes of the agent; see ``ETag``.
    """

    id: AgentId
    organization_id: OrganizationId
    name: str
    system_prompt: str
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    default_model_id: ModelId | None = None
    tags: tuple[str, ...] = ()
    capabilities: tuple[CapabilityConfig, ...] = ()
    status: AgentStatus = AgentStatus.ACTIVE
    version: int = 1

    @property
    def ref(self) -> AgentRef:
        return AgentRef(self.id, self.name)

    def mentions(self, text: str) -> bool:
        """Tell whether name or description have a text, in small letters or capitals."""
        return text.casefold() in f"{self.name}\n{self.description or ''}".casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A turn that runs now.

    Attributes
    ----------
    input_message_id, input_sequence
        The message it answers, and that message's place in the log.
    runner
        Who runs it. Only that one may write for it: see ``turn_states``.
    cause
        What made the first runner begin it: when that comes again, the runner is gone.
    heartbeat_at
        When it last made progress.
    iterations, usage
        Answers of the model so far, and their tokens.
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
        The model asked for, or the agent's default one at the time of creation.
    capabilities
        Only the session's own; a turn adds them to the agent's.
    preview, output_preview
        The beginnings of the first user message and of the agent's last one. Kept here,
        so that a list shows them without reading messages.
    started_at
        When the first turn began.
    usage
        Tokens of all turns.
    message_count, turn_count
        How many there were; kept with the events that they count.
    turn
        The turn that runs, or None. There is at most one.
    last_input_sequence, answered_through
        The places in the log of the user's last message, and of the last one whose turn
        has ended. Messages between the two wait for their turns, in order.
    waiting_since
        Since when there has been something to do without an end of it; None when there is
        nothing. A sweep looks after sessions that wait for long.
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
        """Whether messages wait for a turn, or for the end of theirs."""
        return self.last_input_sequence > self.answered_through

    @property
    def agent_id(self) -> AgentId:
        """The agent that every session of this kind has."""
        assert self.agent is not None  # noqa: S101  # the service opens none without
        return self.agent.id


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message as its author wrote it.

    ``content`` are parts as JSON values (``{"type": "text", "text": …}``), ``controls``
    the model and effort asked for, for the turn that answers it.
    """

    role: MessageRole
    content: tuple[dict[str, Any], ...]
    controls: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    tags: tuple[str, ...] = ()

    @property
    def preview(self) -> str | None:
        """The beginning of the text in the first part; None where that is no text."""
        text = self.content[0].get("text") if self.content else None
        return text[:PREVIEW_LENGTH] if isinstance(text, str) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(NewMessage):
    """A message in a session; ``sequence`` is that of the event it was read from."""

    id: MessageId
    session_id: SessionId
    sequence: int
    created_at: datetime
