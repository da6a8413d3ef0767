"""Scores of a run: tallies of each scenario and persona, pass@1, pass^k, flaky."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from math import comb
from uuid import UUID

from shared.runs.simulations.domain import SimulationStatus
from shared.simulation.judging.domain import Outcome

_LEFT_OUT = (SimulationStatus.CANCELLED, SimulationStatus.BUDGET_EXCEEDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One simulation as a report shows it.

    ``reasons`` are those of the checks and criteria that did not pass; ``session_id`` is None
    before the simulation begins, and ``session_kind`` the kind of that session.
    """

    number: int
    scenario_id: UUID
    scenario_name: str
    persona_id: UUID | None = None
    repeat: int = 0
    status: SimulationStatus
    outcome: Outcome | None = None
    reasons: tuple[str, ...] = ()
    session_id: str | None = None
    session_kind: str | None = None
    end_reason: str | None = None
    turns: int = 0
    tool_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    seconds: float = 0.0
    error: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def passed(self) -> bool:
        return self.outcome is Outcome.PASSED

    @property
    def verdict(self) -> str:
        """Outcome where there is one, else the status; failed without a verdict is error."""
        if self.outcome is not None:
            return self.outcome.value
        return "error" if self.status is SimulationStatus.FAILED else self.status.value


@dataclass(frozen=True, slots=True)
class Unit:
    """Scenario with a persona; its repeats are compared."""

    scenario_id: UUID
    persona_id: UUID | None = None


@dataclass(slots=True)
class Tally:
    """Counts of the repeats of a unit, and their sums.

    ``cost_usd`` is None until a repeat reports a cost. ``numbers`` are those of the simulations
    that did not pass, at most 16.
    """

    name: str
    passed: int = 0
    failed: int = 0
    undecided: int = 0
    errors: int = 0
    left_out: int = 0
    open: int = 0
    turns: int = 0
    tokens: int = 0
    seconds: float = 0.0
    cost_usd: float | None = None
    numbers: list[int] = field(default_factory=list)

    @property
    def counted(self) -> int:
        """Repeats with a verdict or an error; cancelled ones and those over budget are not."""
        return self.passed + self.failed + self.undecided + self.errors

    @property
    def rate(self) -> float | None:
        return self.passed / self.counted if self.counted else None

    @property
    def is_flaky(self) -> bool:
        """Passed and failed both among its repeats."""
        return bool(self.passed and self.failed)

    def add(self, result: Result) -> None:
        """Count a repeat."""
        if result.status in _LEFT_OUT:
            self.left_out += 1
            return
        if not result.status.is_final:
            self.open += 1
            return
        self.passed += result.passed
        self.failed += result.outcome is Outcome.FAILED
        self.errors += result.status is SimulationStatus.FAILED
        self.undecided += result.outcome is Outcome.UNDECIDED
        if not result.passed:
            self.numbers.append(result.number)
        self.turns += result.turns
        self.tokens += result.input_tokens + result.output_tokens
        self.seconds += result.seconds
        if result.cost_usd is not None:
            self.cost_usd = (self.cost_usd or 0.0) + result.cost_usd


type Tallies = dict[Unit, Tally]


def tallies_of(results: Iterable[Result]) -> Tallies:
    """Return the tallies of all units, in the order of their first simulation."""
    found: Tallies = {}
    for result in results:
        unit = Unit(result.scenario_id, result.persona_id)
        if unit not in found:
            found[unit] = Tally(result.scenario_name)
        found[unit].name = found[unit].name or result.scenario_name
        found[unit].add(result)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Scores over units (docs/testing-agents.md); None where no unit counts.

    Attributes
    ----------
    pass_at_1
        Mean of the units' pass rates.
    pass_hat_k
        Mean probability that k repeats of a unit, drawn from those that ran, all pass; over the
        units with k repeats or more.
    flaky
        Units that passed and failed both.
    """

    pass_at_1: float | None
    pass_hat_k: float | None
    k: int
    flaky: int
    units: int


def scores_of(tallies: Iterable[Tally], k: int) -> Scores:
    """Return the scores of a run with k repeats."""
    counted = [one for one in tallies if one.counted]
    enough = [one for one in counted if one.counted >= k]
    return Scores(
        pass_at_1=_mean([one.passed / one.counted for one in counted]),
        pass_hat_k=_mean([comb(one.passed, k) / comb(one.counted, k) for one in enough]),
        k=k,
        flaky=sum(one.is_flaky for one in counted),
        units=len(counted),
    )


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
