"""Run entity: scenarios, target, lanes, and progress."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.core.ids import OrganizationId
from shared.simulation.conversation import Totals
from shared.simulation.judging.domain import Outcome

#: Scenarios of a run, repeats of each, personas, and simulations in all, at most.
MAX_SCENARIOS = 10_000
MAX_REPEATS = 16
MAX_PERSONAS = 20
MAX_SIMULATIONS = 160_000
#: Simulations of a run in progress at once, at most: a transaction creates their lanes.
MAX_CONCURRENCY = 50


class RunStatus(StrEnum):
    """Status of a run: pending while it waits for a place among the organization's runs.

    Failed: none of its simulations has a verdict.
    """

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    BUDGET_EXCEEDED = "budget_exceeded"

    @property
    def is_final(self) -> bool:
        return self not in (RunStatus.PENDING, RunStatus.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Limits of a run; it ends within one turn of exceeding one. None is no limit."""

    max_turns: int | None = None
    max_tokens: int | None = None
    max_cost_usd: float | None = None

    @property
    def is_limited(self) -> bool:
        return any(getattr(self, one.name) is not None for one in fields(self))

    def is_exceeded(self, totals: Totals) -> bool:
        tokens = totals.input_tokens + totals.output_tokens
        tokens += totals.tester_input_tokens + totals.tester_output_tokens
        return (
            (self.max_turns is not None and totals.turns > self.max_turns)
            or (self.max_tokens is not None and tokens > self.max_tokens)
            or (self.max_cost_usd is not None and (totals.cost_usd or 0.0) > self.max_cost_usd)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """Inputs of a run; the ids of its scenarios are its plan, stored beside it.

    ``target`` is the reference as requested, with one of the keys ``agent_id``,
    ``revision_id``, ``catalog_slug``, ``url``, ``relay``; a secret is a name, never a value.
    ``criterion_threshold`` is the least score of a ``score_5`` criterion that passes.
    ``tool_overrides`` are answers over the scenario's world. ``dispatch`` has the further
    fields of a request for one simulation (Feather API), None of other runs. ``api_url`` is this
    API's address as its creator called it, for programs that call tools.
    """

    name: str
    target: dict[str, Any]
    scenario_count: int
    persona_ids: tuple[UUID, ...] = ()
    repeats: int = 1
    max_turns: int = 20
    max_concurrency: int = 10
    user_model: str | None = None
    judge_model: str | None = None
    criterion_threshold: int = 4
    baseline_run_id: UUID | None = None
    budget: Budget = field(default_factory=Budget)
    tool_overrides: dict[str, Any] | None = None
    dispatch: dict[str, Any] | None = None
    api_url: str = ""

    @property
    def simulations(self) -> int:
        return self.scenario_count * max(1, len(self.persona_ids)) * self.repeats

    def place_of(self, number: int) -> "Place":
        """Return what the simulation of a number runs."""
        group, repeat = divmod(number, self.repeats)
        scenario, persona = divmod(group, max(1, len(self.persona_ids)))
        return Place(scenario, self.persona_ids[persona] if self.persona_ids else None, repeat)

    def numbers_of(self, scenario: int) -> range:
        """Return the numbers of the simulations of a scenario, by its index in the plan."""
        count = max(1, len(self.persona_ids)) * self.repeats
        return range(scenario * count, (scenario + 1) * count)


@dataclass(frozen=True, slots=True)
class Place:
    """Place of a simulation in its run: index of the scenario, persona, and repeat."""

    scenario: int
    persona_id: UUID | None
    repeat: int


def add_totals(one: Totals, other: Totals) -> Totals:
    """Return the sums of two measures; ``slowest_seconds`` is the larger one."""
    costs = [cost for cost in (one.cost_usd, other.cost_usd) if cost is not None]
    return Totals(
        turns=one.turns + other.turns,
        tool_calls=one.tool_calls + other.tool_calls,
        input_tokens=one.input_tokens + other.input_tokens,
        output_tokens=one.output_tokens + other.output_tokens,
        cost_usd=sum(costs) if costs else None,
        seconds=one.seconds + other.seconds,
        slowest_seconds=max(one.slowest_seconds, other.slowest_seconds),
        tester_input_tokens=one.tester_input_tokens + other.tester_input_tokens,
        tester_output_tokens=one.tester_output_tokens + other.tester_output_tokens,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Counts of a run's simulations; ``errors`` are those that failed without a verdict."""

    total: int = 0
    passed: int = 0
    failed: int = 0
    undecided: int = 0
    errors: int = 0
    cancelled: int = 0
    budget_exceeded: int = 0
    totals: Totals = field(default_factory=Totals)

    @property
    def finished(self) -> int:
        ended = self.passed + self.failed + self.undecided + self.errors
        return ended + self.cancelled + self.budget_exceeded

    def __add__(self, other: "Progress") -> "Progress":
        counts = {
            one.name: getattr(self, one.name) + getattr(other, one.name)
            for one in fields(self)
            if one.name != "totals"
        }
        return Progress(**counts, totals=add_totals(self.totals, other.totals))

    def with_rest(self, status: RunStatus) -> "Progress":
        """Return the counts at the end of a run: what never began ended with its status."""
        if status not in (RunStatus.CANCELLED, RunStatus.BUDGET_EXCEEDED):
            return self
        rest = self.total - self.finished
        return replace(self, **{status.value: getattr(self, status.value) + rest})


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of a finished run; None where no scenario counts (see ``runs.reports``)."""

    pass_at_1: float | None = None
    pass_hat_k: float | None = None
    flaky: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Run of scenarios against a target.

    Attributes
    ----------
    lanes
        Lanes that it was started with; 0 while it is pending.
    progress, scores
        As of the end; None while a lane is at work.
    error
        Reason of the simulations' failure, for users, if all failed.
    """

    id: UUID
    organization_id: OrganizationId
    spec: RunSpec
    status: RunStatus
    created_by: str
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    lanes: int = 0
    progress: Progress | None = None
    scores: Scores = field(default_factory=Scores)
    error: str | None = None
    version: int = 1

    @property
    def is_closed(self) -> bool:
        """True once no lane is at work any more."""
        return self.progress is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One of the simulations of a run that are in progress at once.

    Lane k of L works on the simulations k, k + L, k + 2L, …: ``current`` is the number that it
    works on, None after the last one. ``ended`` sums those that it ended, ``running`` measures
    the current one in runs with a budget. ``error`` is that of its last failed simulation.
    """

    organization_id: OrganizationId
    run_id: UUID
    index: int
    current: int | None
    ended: Progress = field(default_factory=Progress)
    running: Totals = field(default_factory=Totals)
    error: str | None = None
    version: int = 1

    def after(
        self, run: Run, status: str, outcome: Outcome | None, totals: Totals, error: str | None
    ) -> "Lane":
        """Return the lane behind the end of its current simulation."""
        name = outcome.value if outcome is not None else status
        counted = "errors" if name == "failed" and outcome is None else name
        assert self.current is not None  # noqa: S101  # an ended lane ends nothing
        following = self.current + run.lanes
        goes_on = not run.status.is_final and following < run.spec.simulations
        return replace(
            self,
            current=following if goes_on else None,
            ended=self.ended + Progress(**{counted: 1}, totals=totals),
            running=Totals(),
            error=error or self.error,
        )


def progress_of(run: Run, lanes: Iterable[Lane]) -> Progress:
    """Return the counts of a run from its lanes, those in progress measured too."""
    found = Progress(total=run.spec.simulations)
    for lane in lanes:
        found += lane.ended + Progress(totals=lane.running)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Runs of an organization that have lanes, with their numbers, and those that wait."""

    organization_id: OrganizationId
    active: dict[UUID, int] = field(default_factory=dict)
    waiting: tuple[UUID, ...] = ()
    version: int = 0

    @property
    def lanes(self) -> int:
        return sum(self.active.values())

    def without(self, run_id: UUID) -> "Places":
        return replace(
            self,
            active={one: lanes for one, lanes in self.active.items() if one != run_id},
            waiting=tuple(one for one in self.waiting if one != run_id),
        )
