"""Run entity: scenarios, target, and progress."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.core.ids import OrganizationId
from shared.simulation.conversation import Totals

#: Scenarios of a run, repeats of each, and simulations in all, at most.
MAX_SCENARIOS = 10_000
MAX_REPEATS = 16
MAX_SIMULATIONS = 160_000


class RunStatus(StrEnum):
    """Status of a run: pending while it waits for a place among the organization's runs."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    BUDGET_EXCEEDED = "budget_exceeded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Limits of a run; it ends within one turn of exceeding one. None is no limit."""

    max_turns: int | None = None
    max_tokens: int | None = None
    max_cost_usd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """Inputs of a run.

    ``target`` is the reference as requested, with one of the keys ``agent_id``,
    ``revision_id``, ``catalog_slug``, ``url``, ``relay``; a secret is a name, never a value.
    ``criterion_threshold`` is the least score of a ``score_5`` criterion that passes.
    """

    name: str
    target: dict[str, Any]
    scenario_ids: tuple[UUID, ...]
    persona_ids: tuple[UUID, ...] = ()
    repeats: int = 1
    max_turns: int = 20
    max_concurrency: int = 10
    user_model: str | None = None
    judge_model: str | None = None
    criterion_threshold: int = 4
    baseline_run_id: UUID | None = None
    budget: Budget = field(default_factory=Budget)

    @property
    def simulations(self) -> int:
        return len(self.scenario_ids) * max(1, len(self.persona_ids)) * self.repeats


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Run of scenarios against a target."""

    id: UUID
    organization_id: OrganizationId
    spec: RunSpec
    status: RunStatus
    created_by: str
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error: str | None = None
    version: int = 1
