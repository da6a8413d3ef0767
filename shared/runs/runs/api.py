"""Response models of runs."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from shared.runs.runs.domain import Progress, RunStatus
from shared.runs.runs.reading import RunState
from shared.simulation.conversation import Totals


class ProgressResponse(BaseModel):
    """Counts of a run's simulations."""

    total: int
    """Simulations of the run: the product of scenarios, personas and repeats."""
    finished: int
    """Simulations that have ended, however."""
    passed: int
    """Simulations whose checks and criteria all passed."""
    failed: int
    """Simulations of which a check or a criterion failed."""
    undecided: int
    """Simulations without a failure of which something could not be decided."""
    errors: int
    """Simulations that failed without a conversation to judge."""
    cancelled: int
    """Simulations that the cancellation of the run ended."""
    budget_exceeded: int
    """Simulations that the budget of the run ended."""

    @classmethod
    def of(cls, progress: Progress) -> "ProgressResponse":
        counts = asdict(progress)
        del counts["totals"]
        return cls(**counts, finished=progress.finished)


class TotalsResponse(BaseModel):
    """Measures of conversations."""

    turns: int
    """Messages of the user that the target answered."""
    tool_calls: int
    """Tool calls of the target."""
    input_tokens: int
    """Input tokens that the target reports."""
    output_tokens: int
    """Output tokens that the target reports."""
    cost_usd: float | None
    """Dollars that the target reports; null if it reports none."""
    seconds: float
    """Sum of the target's answer times."""
    tester_input_tokens: int
    """Input tokens of the models that play the user and judge."""
    tester_output_tokens: int
    """Output tokens of the models that play the user and judge."""

    @classmethod
    def of(cls, totals: Totals) -> "TotalsResponse":
        measured = asdict(totals)
        del measured["slowest_seconds"]
        return cls(**measured)


class BudgetResponse(BaseModel):
    """Limits of a run; null is no limit."""

    max_turns: int | None
    """Turns of all simulations."""
    max_tokens: int | None
    """Input and output tokens: those that the target reports, and those of the tester."""
    max_cost_usd: float | None
    """Dollars that the target reports."""


class RunResponse(BaseModel):
    """Run of scenarios against a target."""

    id: UUID
    """Id of the run."""
    name: str
    """Name for people."""
    status: RunStatus
    """`pending` while it waits for a place among the organization's runs. `completed` whatever
    the verdicts are; `failed` if no simulation has one."""
    error: str | None
    """Reason of the last simulation's failure, if all failed."""
    target: dict[str, Any]
    """Agent under test, as requested."""
    scenarios: int
    """Number of scenarios."""
    persona_ids: list[UUID]
    """Personas that play the user."""
    repeats: int
    """Simulations of each scenario and persona."""
    max_turns: int
    """Messages of the user in one simulation, at most."""
    max_concurrency: int
    """Simulations in progress at once, at most."""
    user_model: str | None
    """Model that plays the user; null for the script."""
    judge_model: str | None
    """Model that judges success criteria."""
    criterion_threshold: int
    """Least score of a `score_5` criterion that passes."""
    baseline_run_id: UUID | None
    """Earlier run that reports compare with."""
    budget: BudgetResponse
    """Limits of the whole run."""
    tool_overrides: dict[str, Any] | None
    """Answers of tools in place of the recorded ones."""
    progress: ProgressResponse
    """Counts as of now."""
    totals: TotalsResponse
    """Measures of the simulations that have ended."""
    pass_at_1: float | None
    """Mean pass rate of the scenarios; null until the run has ended."""
    pass_hat_k: float | None
    """Mean probability that all repeats of a scenario pass; null until the run has ended."""
    flaky_scenarios: int | None
    """Scenarios that passed and failed; null until the run has ended."""
    created_by: str
    """API key that created the run."""
    created_at: datetime
    """Time of creation."""
    started_at: datetime | None
    """Time at which simulations began."""
    finished_at: datetime | None
    """Time at which the run ended."""

    @classmethod
    def of(cls, state: RunState) -> "RunResponse":
        run, spec = state.run, state.run.spec
        budget = BudgetResponse(**asdict(spec.budget))
        return cls(
            id=run.id, name=spec.name, status=run.status, error=run.error, target=spec.target,
            scenarios=spec.scenario_count, persona_ids=list(spec.persona_ids),
            repeats=spec.repeats, max_turns=spec.max_turns, max_concurrency=spec.max_concurrency,
            user_model=spec.user_model, judge_model=spec.judge_model,
            criterion_threshold=spec.criterion_threshold,
            baseline_run_id=spec.baseline_run_id, budget=budget,
            tool_overrides=spec.tool_overrides,
            progress=ProgressResponse.of(state.progress),
            totals=TotalsResponse.of(state.progress.totals),
            pass_at_1=run.scores.pass_at_1, pass_hat_k=run.scores.pass_hat_k,
            flaky_scenarios=run.scores.flaky,
            created_by=run.created_by, created_at=run.created_at,
            started_at=run.started_at, finished_at=run.finished_at,
        )  # fmt: skip
