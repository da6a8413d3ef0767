"""Agent session and its running turn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from shared.agents.agents.domain import CapabilityConfig, ClientTool
from shared.core.ids import AgentId, MessageId, ModelId, TurnId
from shared.llm.port import NO_USAGE, TokenUsage
from shared.sessions.domain import Session, SessionKind

if TYPE_CHECKING:
    from shared.sessions.recorded_worlds.answers import OnUnmatched


class SessionStatus(StrEnum):
    """Status of a session: before the first turn, during a turn, after a turn.

    During a turn that needs its client's tool results, it waits for them; the word has no
    underscores in the Everruns API.
    """

    STARTED = "started"
    ACTIVE = "active"
    IDLE = "idle"
    WAITING = "waitingfortoolresults"


@dataclass(frozen=True, slots=True)
class OpenCall:
    """Tool call without a result so far: of a remote tool, or one that the client runs."""

    id: str
    name: str
    is_remote: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRound:
    """Tool calls of one answer of the model, while some have no result.

    Attributes
    ----------
    calls
        Calls without a result; the round ends with the last one's.
    opened_at, due_at
        Time of the answer's events; time at which the client's calls fail.
    succeeded, failed, milliseconds
        Numbers and durations of the round's calls with a result.
    """

    calls: tuple[OpenCall, ...]
    opened_at: datetime
    due_at: datetime
    succeeded: int = 0
    failed: int = 0
    milliseconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The running turn of a session.

    Attributes
    ----------
    input_message_id, input_sequence
        The message that it answers, and that message's sequence in the log.
    runner
        Id of the run that owns the turn; no other run may write for it (see ``turns.states``).
        Empty while the turn waits for its client, and until a run continues it.
    cause
        Id of the queue message whose run began or continued the turn. When that message is
        delivered again, the first run is gone.
    heartbeat_at
        Time of the last progress.
    iterations, usage
        Number of model answers so far, and their tokens.
    open_round
        Tool calls that run outside; None while there are none.
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
    open_round: OpenRound | None = None

    @property
    def open_calls(self) -> tuple[OpenCall, ...]:
        """Tool calls without a result."""
        return self.open_round.calls if self.open_round else ()

    @property
    def waits_for_client(self) -> bool:
        """True while only results of the client are missing: no run works on the turn."""
        return bool(self.open_calls) and not any(call.is_remote for call in self.open_calls)


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """Simulation of a run that a session is the conversation of.

    Attributes
    ----------
    run_id, number
        The run, and the simulation's number in it.
    world
        Hash of the recorded world, which answers in place of the agent's tools.
    on_unmatched
        Rule for calls that the world lacks.
    used
        Indexes of the recorded calls that were repeated, by tool.
    asked, answered, served
        Of an agent that another program runs: numbers of the last turn whose message, and whose
        answer, the log has; number of the calls of its world that the log has.
    """

    run_id: UUID
    number: int
    world: str
    on_unmatched: "OnUnmatched" = "error"
    used: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    asked: int = 0
    answered: int = 0
    served: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSession(Session):
    """A conversation with an agent.

    Attributes
    ----------
    model_id
        The requested model, or the agent's default model at the time of creation.
    capabilities
        The session's own; a turn adds them to the agent's.
    tools
        Client-side tools of the session; a turn adds them to the agent's.
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
        handles sessions that have waited too long. While a turn waits for its client, a time
        at which the sweep finds the session when the results are due.
    simulation
        The simulation that the session is the conversation of, if it is one.
    """

    kind: ClassVar[SessionKind] = SessionKind.AGENT

    title: str | None = None
    model_id: ModelId | None = None
    capabilities: tuple[CapabilityConfig, ...] = ()
    tools: tuple[ClientTool, ...] = ()
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
    simulation: Simulation | None = None

    @property
    def is_waiting(self) -> bool:
        """True while a message waits for a turn or for the end of its turn."""
        return self.last_input_sequence > self.answered_through

    @property
    def has_work(self) -> bool:
        """True while a message waits, and no turn before it waits for its client."""
        return self.is_waiting and not (self.turn and self.turn.waits_for_client)

    @property
    def awaits_run(self) -> bool:
        """True while a run is to begin or to continue a turn."""
        return self.has_work and not (self.turn and self.turn.runner)

    @property
    def agent_id(self) -> AgentId:
        """Id of the session's agent."""
        assert self.agent is not None  # noqa: S101  # no session of this kind is created without
        return self.agent.id
