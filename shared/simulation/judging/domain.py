"""Judgement of success criteria: their scales, and the result for one of them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from shared.simulation.conversation import Conversation


class Outcome(StrEnum):
    """Result of a check, a criterion or a simulation; undecided is not a pass."""

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"


class Scale(StrEnum):
    """Scale of a criterion: met or not, or 1 to 5."""

    BOOLEAN = "boolean"
    SCORE_5 = "score_5"


@dataclass(frozen=True, slots=True)
class JudgedCriterion:
    """Criterion to judge; a score passes from ``threshold`` (1 to 5)."""

    description: str
    scale: Scale
    threshold: int = 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of the conversation that a judgement quotes, and the sequence of their event."""

    quote: str
    sequence: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionResult:
    """Judgement of one criterion; ``score`` is 0 or 1, or 1 to 5, None if undecided."""

    description: str
    scale: Scale
    outcome: Outcome
    score: int | None
    reason: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Results in the order of the criteria, and the tokens that the judge used."""

    results: tuple[CriterionResult, ...]
    input_tokens: int = 0
    output_tokens: int = 0


class Judge(Protocol):
    """Decides success criteria of a finished conversation."""

    def judge(self, criteria: tuple[JudgedCriterion, ...], conversation: Conversation) -> Judgement:
        """Return a result for each criterion; an unusable answer makes it undecided.

        Raises ``Unavailable`` if the model cannot be reached for now.
        """
