"""Conversation: what a check, a judge or a simulated user reads, whatever its source."""

from dataclasses import dataclass, field
from typing import Any, Literal

from shared.sessions.recorded_worlds.answers import Matched


@dataclass(frozen=True, slots=True)
class Said:
    """Words of the user or of the agent; ``sequence`` is that of their event."""

    role: Literal["user", "agent"]
    text: str
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """Tool call of the agent with its answer: an output, or an error if it is not None.

    ``sequence`` is that of the call's event; ``matched`` the rule by which a recorded world
    answered, None where no such world did.
    """

    tool: str
    arguments: Any
    output: Any = None
    error: str | None = None
    sequence: int | None = None
    matched: Matched | None = None


type Entry = Said | Called


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Measures of a conversation.

    ``turns`` counts the user's messages. Tokens and ``cost_usd`` are the target's, as it
    reports them; ``cost_usd`` is None where it reports none. ``seconds`` is the sum of the
    target's answer times, ``slowest_seconds`` the longest. Tokens of the tester are those of the
    models that play the user and judge.
    """

    turns: int = 0
    tool_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    seconds: float = 0.0
    slowest_seconds: float = 0.0
    tester_input_tokens: int = 0
    tester_output_tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Entries in the order of the session; ``end_reason`` is None while it goes on."""

    entries: tuple[Entry, ...] = ()
    totals: Totals = field(default_factory=Totals)
    end_reason: str | None = None
