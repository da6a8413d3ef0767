"""Simulated user: its knowledge, its next message, and its port."""

from dataclasses import dataclass
from typing import Protocol

from shared.simulation.conversation import Conversation

#: Reasons for the end of a conversation. A script never gives the first two.
GOAL_ACHIEVED = "GOAL_ACHIEVED"
CRITERIA_MET = "STOPPING_CRITERIA_MET"
MAX_TURNS_REACHED = "MAX_TURNS_REACHED"
SCRIPT_ENDED = "SCRIPT_ENDED"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserBrief:
    """Knowledge of a simulated user; it says nothing that is not in here.

    Attributes
    ----------
    intent, journey
        Of the scenario.
    goal
        Result that ends the conversation, if it differs from the intent.
    persona
        Description of the person that is played.
    language
        Tag of the persona's language (BCP 47), None for that of the intent.
    recorded_turns
        The recorded user's messages with invented values, in their order.
    stopping_criteria
        Conditions under which the conversation ends.
    opening
        First message, where it is given.
    """

    intent: str
    journey: str = ""
    goal: str | None = None
    persona: str | None = None
    language: str | None = None
    recorded_turns: tuple[str, ...] = ()
    stopping_criteria: tuple[str, ...] = ()
    opening: str | None = None


@dataclass(frozen=True, slots=True)
class UserMessage:
    """Next message of the user, maybe empty; with a reason it is the last one."""

    text: str
    stop_reason: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0


class SimulatedUser(Protocol):
    """Player of a user.

    Attributes
    ----------
    version
        Name and version of the simulator.
    is_deterministic
        Whether the same brief and conversation give the same message.
    """

    @property
    def version(self) -> str: ...

    @property
    def is_deterministic(self) -> bool: ...

    def next_message(self, brief: UserBrief, conversation: Conversation) -> UserMessage:
        """Return the next message. Raises ``Unavailable`` if there is none for now."""
