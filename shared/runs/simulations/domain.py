"""Simulation entity: one conversation of a run, from pending to its verdict."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.core.ids import OrganizationId, derived_uuid
from shared.runs.checks.domain import CheckResult
from shared.simulation.conversation import Totals
from shared.simulation.judging.domain import CriterionResult, Outcome

#: Errors of failed simulations. The others are reasons of their target.
SCENARIO_NOT_FOUND = "scenario_not_found"
WORKER_FAILED = "worker_failed"
NO_ANSWER = "no_answer"
OWN_ERRORS = frozenset({SCENARIO_NOT_FOUND, WORKER_FAILED, NO_ANSWER})


class SimulationStatus(StrEnum):
    """Status of a simulation (Feather API). Failed: there is no conversation to judge."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    BUDGET_EXCEEDED = "budget_exceeded"

    @property
    def is_final(self) -> bool:
        return self not in (SimulationStatus.PENDING, SimulationStatus.RUNNING)


@dataclass(frozen=True, slots=True)
class SimulationId:
    """Identity of a simulation: its run, and its number there."""

    run_id: UUID
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """One conversation of a run.

    Attributes
    ----------
    number
        Number in the run, from 0. Scenarios come first, then personas, then repeats:
        ``(scenario * personas + persona) * repeats + repeat``.
    repeat
        Number among the repeats of the scenario and persona, from 0.
    session_id
        Session that the conversation is recorded in; it exists once ``started_at`` is set.
    turn
        Turns that were begun; ``pending_message`` is the user's message of a turn without an
        answer yet.
    stop_reason
        Reason why ``pending_message`` is the user's last one.
    world
        Hash of the recorded world that answers the tool calls.
    snapshot
        Inputs as they were when the simulation began: scenario, persona, checks, criteria,
        tool overrides. Only of one that is read whole, like ``checks`` and ``criteria``.
    end_reason
        Reason why the conversation ended; None while it goes on.
    outcome
        None unless completed: passed when all checks and criteria passed, else failed or
        undecided.
    reasons
        Short reasons of the checks and criteria that did not pass.
    error
        Reason of a failed simulation, for users.
    updated_at
        Time of its last step.
    """

    organization_id: OrganizationId
    run_id: UUID
    number: int
    scenario_id: UUID
    persona_id: UUID | None
    repeat: int
    scenario_name: str = ""
    status: SimulationStatus = SimulationStatus.PENDING
    turn: int = 0
    pending_message: str | None = None
    stop_reason: str | None = None
    world: str | None = None
    snapshot: dict[str, Any] = field(default_factory=dict)
    end_reason: str | None = None
    outcome: Outcome | None = None
    reasons: tuple[str, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    criteria: tuple[CriterionResult, ...] = ()
    totals: Totals = field(default_factory=Totals)
    error: str | None = None
    started_at: datetime | None = None
    updated_at: datetime | None = None
    finished_at: datetime | None = None
    version: int = 0

    @property
    def session_id(self) -> UUID:
        return derived_uuid(
            str(self.organization_id), "simulation", self.run_id.hex, str(self.number)
        )
