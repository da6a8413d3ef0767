"""Target port: the agent that a simulated conversation is held with."""

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from shared.core.ids import OrganizationId
from shared.sessions.recorded_worlds.answers import OnUnmatched
from shared.sessions.recorded_worlds.world import World
from shared.simulation.conversation import Conversation


class TargetFailed(Exception):
    """The target gave no usable answer; ``reason`` is shown to users.

    With ``retry`` another attempt may succeed: throttling, a server that does not respond.
    """

    def __init__(self, reason: str, *, retry: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry = retry


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedSession:
    """Session that a simulation is held in.

    Attributes
    ----------
    run_id, number
        The simulation: its run, and its number in the run from 0.
    attempt_key
        Text that identifies the simulation in ids and idempotency keys.
    session_id
        Id derived from the simulation, so that a repeated open finds the same session.
    target
        Reference of the target, as stored with the run.
    api_url
        This API's address, for programs that call the tools of the world.
    """

    organization_id: OrganizationId
    run_id: UUID
    number: int
    attempt_key: str
    session_id: UUID
    target: dict[str, Any]
    title: str
    tags: tuple[str, ...]
    world: World
    on_unmatched: OnUnmatched = "error"
    api_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetAnswer:
    """The target's answer to one message of the user.

    ``end_reason`` is set once the target has ended the conversation. ``seconds`` is the time
    that the target took; tokens and ``cost_usd`` are those that it reports.
    """

    text: str
    end_reason: str | None = None
    seconds: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    tool_calls: int = 0


class Target(Protocol):
    """An agent. Every operation is repeatable: a second call for the same turn changes nothing.

    All raise ``TargetFailed``.
    """

    def open(self, session: SimulatedSession) -> None:
        """Open the session, with its world in place of the agent's tools."""

    def send(self, session: SimulatedSession, turn: int, message: str) -> TargetAnswer | None:
        """Send the user's message of a turn, counted from 1.

        Returns None where the answer comes later: the session's ``turn.completed`` or
        ``turn.failed`` change then names the simulation, and ``answer`` reads it.
        """

    def answer(self, session: SimulatedSession, turn: int) -> TargetAnswer | None:
        """Return the answer of a turn that was sent, or None while it runs."""

    def read(self, session: SimulatedSession) -> Conversation:
        """Read the conversation as recorded, with event sequences, for checks and judges."""

    def stop(self, session: SimulatedSession) -> None:
        """End the session: cancel a running turn. Unknown sessions are left alone."""


class CheckedTarget(Target, Protocol):
    """An agent whose reference is checked before a run begins."""

    def check(self, organization_id: OrganizationId, target: dict[str, Any]) -> None:
        """Raise ``InvalidInput`` unless the target can be run."""


class RelayedTarget(Target, Protocol):
    """An agent whose caller relays its words: ``send`` and ``answer`` wait for them."""

    def take(
        self, session: SimulatedSession, turn: int, message: str, answer: TargetAnswer
    ) -> TargetAnswer:
        """Record the user's message of a turn and the agent's answer.

        Returns the answer with the calls that the world answered since the turn before. A repeat
        changes nothing, and returns the first answer.
        """

    def fail(self, session: SimulatedSession, turn: int, message: str, reason: str) -> None:
        """Record that the agent gave no answer to a turn. A repeat changes nothing."""
