"""Steps of a captured conversation: messages, calls and answers, in the source's order."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn

from shared.core.errors import InvalidInput
from shared.sessions.transcript import AssistantSaid, UserSaid


@dataclass(frozen=True, slots=True)
class Thought:
    """Reasoning of the assistant that the user did not see."""

    text: str


@dataclass(frozen=True, slots=True)
class Instructed:
    """Instructions to the assistant, such as a system prompt."""

    text: str


@dataclass(frozen=True, slots=True)
class Called:
    """Tool call; ``identifier`` is the source's, "" without one."""

    identifier: str
    tool: str
    arguments: Any


@dataclass(frozen=True, slots=True)
class Answered:
    """Answer to a tool call: an output, or an error if ``error`` is not None."""

    identifier: str
    tool: str
    output: Any = None
    error: str | None = None


type Step = UserSaid | AssistantSaid | Thought | Instructed | Called | Answered


@dataclass(slots=True)
class Steps:
    """Steps collected by the adapters.

    Attributes
    ----------
    times
        Time of each step in the source; None where it has none.
    at
        Time of the steps to come.
    agent
        Name of the agent, if the form has one.
    """

    steps: list[Step] = field(default_factory=list)
    times: list[datetime | None] = field(default_factory=list)
    at: datetime | None = None
    agent: str | None = None

    def add(self, step: Step, at: datetime | None = None) -> None:
        """Add a step, unless it is a blank text."""
        if isinstance(step, Called | Answered) or step.text.strip():
            self.steps.append(step)
            self.times.append(at or self.at)

    def say(self, text: str, *, by_user: bool) -> None:
        """Add a message of the user or of the assistant."""
        self.add(UserSaid(text) if by_user else AssistantSaid(text))

    def extend(self, other: "Steps", start: int = 0) -> None:
        """Add the steps of another conversation from a position on."""
        self.steps += other.steps[start:]
        self.times += other.times[start:]


def refuse(path: str, rule: str) -> NoReturn:
    """Raise ``InvalidInput`` that names the field and its rule."""
    raise InvalidInput(f"{path}: {rule}")
