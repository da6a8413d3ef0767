"""Transcript: messages and tool calls of a session, in one form for all kinds of session."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.sessions.agent_ref import AgentRef
from shared.sessions.domain import SessionKind


@dataclass(frozen=True, slots=True)
class UserSaid:
    """Message of the user."""

    text: str


@dataclass(frozen=True, slots=True)
class AssistantSaid:
    """Message of the assistant."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCalled:
    """Tool call.

    ``call`` counts the calls of the transcript from 1. It is not the model's identifier,
    which may be missing or repeated within a session.
    """

    call: int
    tool: str
    arguments: Any


@dataclass(frozen=True, slots=True)
class ToolAnswered:
    """Answer to a tool call: an output, or an error if ``error`` is not None."""

    call: int
    tool: str
    output: Any = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ApprovalDecided:
    """Decision on a suspended step: ``approve`` or ``deny``."""

    decision: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class HandedOff:
    """Handoff of the conversation to a person or another system."""


@dataclass(frozen=True, slots=True)
class Signaled:
    """Signal of the runtime, such as a suspension or a failure."""

    signal: str


@dataclass(frozen=True, slots=True)
class Ended:
    """End of the session, with its reason."""

    reason: str


type Entry = (
    UserSaid
    | AssistantSaid
    | ToolCalled
    | ToolAnswered
    | ApprovalDecided
    | HandedOff
    | Signaled
    | Ended
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """Transcript of a session.

    Attributes
    ----------
    entries
        In the order of the session.
    events_left_out
        Number of events from the middle of an over-long session that ``entries`` lacks.
    gap_at
        Index in ``entries`` of that gap.
    """

    kind: SessionKind
    tags: tuple[str, ...] = ()
    agent: AgentRef | None = None
    entries: tuple[Entry, ...] = ()
    events_left_out: int = 0
    gap_at: int = 0

    def user_turns(self) -> list[str]:
        """Return the texts of the user's messages."""
        return [entry.text for entry in self.entries if isinstance(entry, UserSaid)]

    def calls(self) -> Iterator[tuple[ToolCalled, ToolAnswered | None]]:
        """Yield the tool calls with their answers; None if no answer was recorded."""
        answers = {entry.call: entry for entry in self.entries if isinstance(entry, ToolAnswered)}
        for entry in self.entries:
            if isinstance(entry, ToolCalled):
                yield entry, answers.get(entry.call)
