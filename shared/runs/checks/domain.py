"""Result of a check."""

from dataclasses import dataclass
from typing import Any

from shared.simulation.judging.domain import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """Result of one check: why, and the sequence of the event that decided it."""

    check: dict[str, Any]
    outcome: Outcome
    reason: str
    sequence: int | None = None
