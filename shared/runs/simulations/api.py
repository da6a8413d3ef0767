"""API models of simulations: results, a simulation whole, and turns that a caller relays."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from shared.core.api_types import LongText
from shared.runs.checks.domain import CheckResult
from shared.runs.reports.domain import Result
from shared.runs.runs.domain import Run
from shared.runs.runs.scoring import result_of
from shared.runs.simulations.domain import Simulation, SimulationStatus
from shared.simulation.judging.domain import CriterionResult, Outcome, Scale
from shared.simulation.target import TargetAnswer


class SimulationResultResponse(BaseModel):
    """Result of one simulation."""

    number: int
    """Number in the run, from 0: scenarios first, then personas, then repeats."""
    scenario_id: UUID
    """Scenario that was run."""
    scenario_name: str
    """Name of the scenario as it was then; empty if it never began."""
    persona_id: UUID | None
    """Persona that played the user."""
    repeat: int
    """Number among the repeats, from 0."""
    status: SimulationStatus
    """`failed` if there is no conversation to judge; see `outcome` for the verdict."""
    outcome: Outcome | None
    """Verdict of a completed simulation."""
    reasons: list[str]
    """Short reasons of checks and criteria that did not pass, with their events."""
    session_id: UUID | None
    """Session that holds the conversation; null until it begins."""
    session_kind: str | None
    """Area of that session: `agent` or `playground`."""
    end_reason: str | None
    """Reason why the conversation ended."""
    turns: int
    """Messages of the user that the target answered."""
    tool_calls: int
    """Tool calls of the target."""
    input_tokens: int
    """Input tokens that the target reports."""
    output_tokens: int
    """Output tokens that the target reports."""
    cost_usd: float | None
    """Dollars that the target reports."""
    seconds: float
    """Sum of the target's answer times."""
    error: str | None
    """Reason of a failed simulation."""
    started_at: datetime | None
    """Time at which it began."""
    finished_at: datetime | None
    """Time at which it ended."""

    @classmethod
    def of(cls, result: Result) -> Self:
        return cls(**(asdict(result) | {"reasons": list(result.reasons)}))


class CheckResultResponse(BaseModel):
    """Result of a check."""

    check: dict[str, Any]
    """The check as it was."""
    outcome: Outcome
    """Result."""
    reason: str
    """Reason of the result."""
    sequence: int | None
    """Sequence of the event that decided it."""

    @classmethod
    def of(cls, one: CheckResult) -> Self:
        return cls(**asdict(one))


class EvidenceResponse(BaseModel):
    """Words of the conversation that a judgement quotes."""

    quote: str
    """The words."""
    sequence: int | None
    """Sequence of their event."""


class CriterionResultResponse(BaseModel):
    """Judgement of a success criterion."""

    description: str
    """The criterion."""
    scale: Scale
    """Its scale."""
    outcome: Outcome
    """Result; `undecided` is not a pass."""
    score: int | None
    """0 or 1, or 1 to 5; null if undecided."""
    reason: str
    """Reason of the result."""
    evidence: list[EvidenceResponse]
    """Words of the conversation that the judge quotes."""

    @classmethod
    def of(cls, one: CriterionResult) -> Self:
        return cls(**asdict(one))


class SimulationResponse(SimulationResultResponse):
    """Simulation with its inputs and its verdict."""

    inputs: dict[str, Any]
    """Inputs as they were when it began: scenario, persona, checks, criteria, overrides; empty
    until then."""
    checks: list[CheckResultResponse]
    """Results of the checks."""
    criteria: list[CriterionResultResponse]
    """Results of the success criteria."""

    @classmethod
    def whole(cls, run: Run, simulation: Simulation) -> Self:
        result = result_of(run, simulation)
        return cls(
            **(asdict(result) | {"reasons": list(result.reasons)}),
            inputs=simulation.snapshot,
            checks=[CheckResultResponse.of(one) for one in simulation.checks],
            criteria=[CriterionResultResponse.of(one) for one in simulation.criteria],
        )


class RelayedUsage(BaseModel, extra="forbid"):
    """Tokens and dollars of one answer of the agent."""

    input_tokens: int = Field(default=0, ge=0, le=1_000_000_000)
    """Input tokens."""
    output_tokens: int = Field(default=0, ge=0, le=1_000_000_000)
    """Output tokens."""
    cost_usd: float | None = Field(default=None, ge=0, le=1_000_000, allow_inf_nan=False)
    """Dollars."""


class RelayedTurn(BaseModel, extra="forbid"):
    """The agent's words of a turn."""

    turn: int = Field(ge=0, le=1_000_000)
    """Turn that they answer, from 1; 0 asks for the user's message only."""
    message: LongText | None = None
    """The agent's words; null with turn 0 or an error."""
    ended: bool = False
    """True if the agent has ended the conversation."""
    usage: RelayedUsage | None = None
    """Tokens that the agent used."""
    seconds: float = Field(default=0, ge=0, le=86_400, allow_inf_nan=False)
    """Time that the agent took."""
    error: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    """Reason why the agent gave no answer; the simulation fails with it."""

    @model_validator(mode="after")
    def _words_or_error(self) -> Self:
        given = (self.message is not None) + (self.error is not None)
        if given != (self.turn > 0):
            raise ValueError("a turn from 1 has a message or an error; turn 0 has neither")
        return self

    def words(self) -> TargetAnswer | str | None:
        """Return the target's answer, the reason why there is none, or None for turn 0."""
        if self.turn == 0 or self.error is not None:
            return self.error
        usage = self.usage or RelayedUsage()
        return TargetAnswer(
            text=self.message or "",
            end_reason="AGENT_ENDED" if self.ended else None,
            seconds=self.seconds,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cost_usd=usage.cost_usd,
        )


class WorldAddresses(BaseModel):
    """Addresses of the simulation's recorded world."""

    mcp_url: str
    """Server of the Model Context Protocol."""
    tools_url: str
    """Tools by plain requests: `POST <tools_url>/<name>`."""

    @classmethod
    def of(cls, api_url: str, run_id: UUID, number: int) -> Self:
        place = f"{api_url}/v1/runs/{run_id}/simulations/{number}"
        return cls(mcp_url=f"{place}/mcp", tools_url=f"{place}/tools")


class SimulationTurnResponse(BaseModel):
    """The user's next message to a relayed agent."""

    status: SimulationStatus
    """`pending` until the simulation begins: ask again."""
    turn: int
    """Turn of the message, from 1; 0 while pending."""
    message: str | None
    """The user's words; null while pending, and once the conversation has ended."""
    end_reason: str | None
    """Reason why the conversation ended."""
    world: WorldAddresses
    """Addresses at which the agent's tools are answered."""

    @classmethod
    def of(cls, run: Run, simulation: Simulation) -> Self:
        return cls(
            status=simulation.status if simulation.turn else _before_turn(simulation),
            turn=simulation.turn,
            message=None if simulation.status.is_final else simulation.pending_message,
            end_reason=simulation.end_reason,
            world=WorldAddresses.of(run.spec.api_url, run.id, simulation.number),
        )


def _before_turn(simulation: Simulation) -> SimulationStatus:
    """Return the status of a simulation that has no message yet: it is about to begin."""
    return simulation.status if simulation.status.is_final else SimulationStatus.PENDING
