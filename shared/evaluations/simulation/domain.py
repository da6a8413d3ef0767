"""Conversation simulation: the simulated user's view of a session, and its next message."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.core.ids import InferenceResultId

#: Stopping reasons, as stored with sessions.
GOAL_ACHIEVED = "GOAL_ACHIEVED"
CRITERIA_MET = "STOPPING_CRITERIA_MET"
MAX_TURNS_REACHED = "MAX_TURNS_REACHED"


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedCase:
    """Parts of a test case for the simulated user; ``has_input`` if it has an opening message."""

    scenario: str | None = None
    goal: str | None = None
    persona: str | None = None
    stopping_criterias: tuple[str, ...] = ()
    has_input: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """Earlier turn: the user's message and the product's answer."""

    message: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class SimulatedMessage:
    """Message of the simulated user, maybe empty; with a reason it is the last one."""

    text: str
    stopping_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextMessage:
    """Result of the simulation.

    ``inference_result_id`` is the pending turn; without a message it is the last turn, if
    there is one.
    """

    next_message: str
    finished: bool
    stopping_reason: str | None
    simulator_version: str
    inference_result_id: InferenceResultId | None


class SimulatedUser(Protocol):
    """Player of a test case's user."""

    @property
    def version(self) -> str:
        """Name and version of the simulator, stored with its turns."""

    def next_message(self, case: SimulatedCase, exchanges: Sequence[Exchange]) -> SimulatedMessage:
        """Return the next message. Raises ``Unavailable`` if there is none for now."""
