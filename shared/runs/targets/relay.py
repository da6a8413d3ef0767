"""Relay target: simulations with an agent whose words the caller of the API relays."""

from dataclasses import dataclass
from typing import Any

from shared.core.errors import TooLarge
from shared.core.ids import OrganizationId
from shared.runs.targets.exchange import MAX_TEXT_BYTES
from shared.runs.targets.turn_world import SimulationCalls
from shared.simulation.conversation import Conversation
from shared.simulation.recording import SessionRecorder
from shared.simulation.target import SimulatedSession, TargetAnswer

#: Name of the agent of relayed conversations.
RELAYED_AGENT = "Relayed agents"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayTarget:
    """Target ``{"relay": true}``; its turns answer when the caller sends the agent's words."""

    recorder: SessionRecorder
    calls: SimulationCalls

    def check(self, organization_id: OrganizationId, target: dict[str, Any]) -> None:
        """Accept every reference: it names nothing."""

    def open(self, session: SimulatedSession) -> None:
        """Create the recorded session."""
        self.recorder.open(session, RELAYED_AGENT)

    def send(self, session: SimulatedSession, turn: int, message: str) -> TargetAnswer | None:  # noqa: ARG002  # the simulation stores it
        """Return the answer if the caller has sent it; the message waits with the simulation."""
        return self.recorder.answer(session, turn)

    def answer(self, session: SimulatedSession, turn: int) -> TargetAnswer | None:
        """Return the answer of a turn, None before the caller has sent it."""
        return self.recorder.answer(session, turn)

    def read(self, session: SimulatedSession) -> Conversation:
        """Read the recorded conversation."""
        return self.recorder.read(session)

    def stop(self, session: SimulatedSession) -> None:
        """Do nothing: the caller learns of the end by the status of the simulation."""

    def take(
        self, session: SimulatedSession, turn: int, message: str, answer: TargetAnswer
    ) -> TargetAnswer:
        """Record the agent's answer to the user's message of a turn.

        Returns the answer as recorded, which is the first one that came for the turn.
        Raises ``TooLarge`` for a text that cannot be stored, and ``TargetFailed`` if the turn has
        failed or the session was deleted.
        """
        if len(answer.text.encode()) > MAX_TEXT_BYTES:
            raise TooLarge(f"message: must have at most {MAX_TEXT_BYTES:,} bytes.")
        return self.recorder.add(session, turn, message, answer, self.calls.reader(session))

    def fail(self, session: SimulatedSession, turn: int, message: str, reason: str) -> None:
        """Record that the agent gave no answer, unless the turn has one: ``answer`` then raises."""
        self.recorder.fail(session, turn, message, reason, self.calls.reader(session))
