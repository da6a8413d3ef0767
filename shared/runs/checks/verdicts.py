"""Verdict of a check: outcome, reason, and the event that decided it."""

from dataclasses import dataclass

from shared.simulation.judging.domain import Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """Outcome of a check; ``sequence`` is that of the event to look at, where there is one."""

    outcome: Outcome
    reason: str
    sequence: int | None = None


def passed(reason: str, sequence: int | None = None) -> Verdict:
    """Return the verdict of a check that holds."""
    return Verdict(Outcome.PASSED, reason, sequence)


def failed(reason: str, sequence: int | None = None) -> Verdict:
    """Return the verdict of a check that does not hold."""
    return Verdict(Outcome.FAILED, reason, sequence)


def undecided(reason: str, sequence: int | None = None) -> Verdict:
    """Return the verdict of a check that cannot be decided, which is not a pass."""
    return Verdict(Outcome.UNDECIDED, reason, sequence)
