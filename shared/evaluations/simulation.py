"""A simulated user: what it is given, what it says, and why it stops."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.core.ids import InferenceResultId

#: Why a simulated conversation ends, as sessions keep it.
GOAL_ACHIEVED = "GOAL_ACHIEVED"
CRITERIA_MET = "STOPPING_CRITERIA_MET"
MAX_TURNS_REACHED = "MAX_TURNS_REACHED"


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedCase:
    """What a test case tells a simulated user; ``has_input`` if the case opens by itself."""

    scenario: str | None = None
    goal: str | None = None
    persona: str | None = None
    stopping_criterias: tuple[str, ...] = ()
    has_input: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """A turn so far: what the user said, and what the product answered."""

    message: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class SimulatedMessage:
    """What the user says; with a reason, it is the last thing said. It may be nothing."""

    text: str
    stopping_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextMessage:
    """The answer to whoever asked for the user's next message.

    ``inference_result_id`` is the turn that waits for the product's answer; where nothing
    is said any more, the last turn there is, or None.
    """

    next_message: str
    finished: bool
    stopping_reason: str | None
    simulator_version: str
    inference_result_id: InferenceResultId | None


class SimulatedUser(Protocol):
    """Something that plays the user of a test case."""

    @property
    def version(self) -> str:
        """Tell which simulator it is, as turns keep it."""

    def next_message(self, case: SimulatedCase, exchanges: Sequence[Exchange]) -> SimulatedMessage:
        """Return what the user says next. Raises ``Unavailable`` when it cannot tell now."""
