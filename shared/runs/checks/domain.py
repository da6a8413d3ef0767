"""Checks: deterministic rules for a finished conversation, and their results."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from shared.core.ids import OrganizationId
from shared.simulation.judging.domain import Outcome

#: Checks of a scenario, and their bytes as JSON, at most: they are read with each simulation.
MAX_CHECKS = 50
MAX_CHECKS_BYTES = 64_000
#: Checks with a pattern or a schema, at most: each reads the whole conversation.
MAX_PATTERNS = 10
#: Calls of one check, and characters of its texts, at most.
MAX_CALLS = 50
MAX_TEXT = 500

type Match = Literal["meaning", "exact"]
type Speaker = Literal["agent", "user"]


class Span(StrEnum):
    """Times that a limit of seconds is for: all answers together, or each of them."""

    CONVERSATION = "conversation"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedCall:
    """Tool call to compare with; without ``arguments``, any.

    ``meaning`` compares the named arguments only and ignores notation (see ``matching``);
    ``exact`` needs equal JSON.
    """

    tool: str
    arguments: dict[str, Any] | None = None
    match: Match = "meaning"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCalled:
    """The tool was called at least ``min`` and at most ``max`` times."""

    call: ExpectedCall
    min: int = 1
    max: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolNotCalled:
    """The tool was not called, or not with these arguments."""

    call: ExpectedCall


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolOrder:
    """The calls were made in this order; others may stand between them."""

    calls: tuple[ExpectedCall, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndState:
    """The calls that changed something are these, in any order, and no others.

    Changes are the calls of ``tools``, or of tools whose names say so (see ``effects``), whose
    answer is not an error.
    """

    calls: tuple[ExpectedCall, ...]
    tools: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """A message contains the text; with ``absent``, none does."""

    text: str
    by: Speaker = "agent"
    absent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A message matches the pattern (RE2); with ``absent``, none does."""

    pattern: str
    by: Speaker = "agent"
    absent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonSchema:
    """The agent's last message, or the arguments of each call of ``tool``, fit the schema."""

    schema: dict[str, Any]
    tool: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """The conversation ended for one of ``reasons``; without them, not by its turn limit."""

    reasons: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A measure of the conversation is at most ``max``; ``per`` is for seconds only."""

    measure: Literal["turns", "tool_calls", "seconds", "tokens", "cost_usd"]
    max: float
    per: Span = Span.CONVERSATION


type Check = (
    ToolCalled | ToolNotCalled | ToolOrder | EndState | Says | Pattern | JsonSchema | Ends | Limit
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """Result of one check: why, and the sequence of the event that decided it."""

    check: dict[str, Any]
    outcome: Outcome
    reason: str
    sequence: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioChecks:
    """Checks of a scenario, as documents; ``version`` is 0 where none were ever set."""

    organization_id: OrganizationId
    scenario_id: UUID
    checks: tuple[dict[str, Any], ...] = field(default=())
    version: int = 1
