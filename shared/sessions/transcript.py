"""A transcript: what was said and done in a session, in one form for all kinds.

Drafting, and whatever else reads conversations, sees this and not the events: those
differ between an agent's session, a workflow in the playground and an evaluation.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.sessions.models import AgentRef, SessionKind


@dataclass(frozen=True, slots=True)
class UserSaid:
    """A turn of the user."""

    text: str


@dataclass(frozen=True, slots=True)
class AssistantSaid:
    """A message of the assistant."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCalled:
    """A tool was called.

    ``call`` counts the calls of the transcript from 1. It is not the identifier that the
    model gave: those may be missing, or repeated within a session.
    """

    call: int
    tool: str
    arguments: Any


@dataclass(frozen=True, slots=True)
class ToolAnswered:
    """The answer to a call: an output, or, where ``error`` is not None, an error."""

    call: int
    tool: str
    output: Any = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ApprovalDecided:
    """A person decided on a suspended step: ``approve`` or ``deny``."""

    decision: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class HandedOff:
    """The conversation went over to a person, or to another system."""


@dataclass(frozen=True, slots=True)
class Signalled:
    """Something a reader should know that nobody said: a suspension, a failure."""

    signal: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The session was closed, for this reason."""

    reason: str


type Entry = (
    UserSaid
    | AssistantSaid
    | ToolCalled
    | ToolAnswered
    | ApprovalDecided
    | HandedOff
    | Signalled
    | Ended
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A session as it went.

    Attributes
    ----------
    entries
        In the order in which they happened.
    events_left_out
        How many events from the middle of an over-long session are not in ``entries``.
    gap_at
        Where in ``entries`` those would stand.
    """

    kind: SessionKind
    tags: tuple[str, ...] = ()
    agent: AgentRef | None = None
    entries: tuple[Entry, ...] = ()
    events_left_out: int = 0
    gap_at: int = 0

    def user_turns(self) -> list[str]:
        """Return what the user said, turn by turn."""
        return [entry.text for entry in self.entries if isinstance(entry, UserSaid)]

    def calls(self) -> Iterator[tuple[ToolCalled, ToolAnswered | None]]:
        """Go through the tool calls with their answers; None where none was recorded."""
        answers = {entry.call: entry for entry in self.entries if isinstance(entry, ToolAnswered)}
        for entry in self.entries:
            if isinstance(entry, ToolCalled):
                yield entry, answers.get(entry.call)
