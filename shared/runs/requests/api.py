"""Request models of runs."""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from shared.core.api_types import Cursor, Line, check_bytes
from shared.core.ids import AgentId, ModelId
from shared.runs.runs.domain import (
    MAX_CONCURRENCY,
    MAX_PERSONAS,
    MAX_REPEATS,
    MAX_SCENARIOS,
    Budget,
    RunSpec,
)
from shared.runs.runs.reading import ResultQuery
from shared.runs.runs.service import NewRun
from shared.runs.worlds.overrides import MAX_DELAY

#: Turns of one simulation, at most.
MAX_TURNS = 200
#: Bytes of the overrides of a run as JSON: they are stored with it.
_MAX_OVERRIDES = 100_000

ScenarioIds = Annotated[list[UUID], Field(min_length=1, max_length=MAX_SCENARIOS)]
PersonaIds = Annotated[list[UUID], Field(max_length=MAX_PERSONAS)]
Tags = Annotated[list[Line], Field(min_length=1, max_length=20)]
Name = Annotated[str, Field(min_length=1, max_length=255)]
Url = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^https?://\S+$")]
SecretName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}$", max_length=100)]


class Protocol(StrEnum):
    """Protocol of a program that is called: Chat Completions, or plain JSON."""

    OPENAI = "openai"
    HTTP = "http"


class RunTarget(BaseModel, extra="forbid"):
    """Agent under test: one of `agent_id`, `revision_id`, `catalog_slug`, `url`, `relay`."""

    agent_id: AgentId | None = None
    """Agent of this API."""

    revision_id: UUID | None = None
    """Revision of a workflow; it must have a graph."""

    catalog_slug: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    """Workflow of the catalog."""

    url: Url | None = None
    """Address of a program; its host must be among the stack's `OutgoingHosts`."""

    relay: Literal[True] | None = None
    """True if the caller relays the words of its agent by
    `POST /v1/runs/{run_id}/simulations/{number}/turns`."""

    protocol: Protocol | None = None
    """Of `url`: `openai` unless given."""

    secret: SecretName | None = None
    """Of `url`: name of the secret whose value is sent as bearer token."""

    model: Line | None = None
    """Of `url` with the protocol `openai`: model that the program is asked for."""

    @model_validator(mode="after")
    def _one_agent(self) -> Self:
        agents = (self.agent_id, self.revision_id, self.catalog_slug, self.url, self.relay)
        if sum(one is not None for one in agents) != 1:
            raise ValueError(
                "exactly one of agent_id, revision_id, catalog_slug, url and relay must be supplied"
            )
        if self.url is None and (self.protocol or self.secret or self.model):
            raise ValueError("protocol, secret and model are for a url only")
        return self

    def reference(self) -> dict[str, Any]:
        """Return the target as a run stores it."""
        found = self.model_dump(mode="json", exclude_none=True)
        return {"protocol": Protocol.OPENAI.value} | found if self.url else found


class RunBudget(BaseModel, extra="forbid"):
    """Limits of a run; it ends within one turn of exceeding one."""

    max_turns: int | None = Field(default=None, ge=1, le=100_000_000)
    """Turns of all simulations."""

    max_tokens: int | None = Field(default=None, ge=1, le=1_000_000_000_000)
    """Input and output tokens: those that the target reports, and those of the models that play
    the user and judge."""

    max_cost_usd: float | None = Field(default=None, ge=0, le=1_000_000, allow_inf_nan=False)
    """Dollars that the target reports."""


class CannedToolResponse(BaseModel, extra="forbid"):
    """Answer of a tool in place of the recorded ones: an output, or an error."""

    output: Any = None
    """Output of the tool."""

    error: Annotated[str, Field(min_length=1, max_length=10_000)] | None = None
    """Error of the tool, in place of an output."""

    delay_ms: int = Field(default=0, ge=0, le=MAX_DELAY)
    """Milliseconds that the answer takes."""

    @model_validator(mode="after")
    def _one_answer(self) -> Self:
        if (self.error is not None) == ("output" in self.model_fields_set):
            raise ValueError("must have an output or an error, and not both")
        return self

    def canned(self) -> dict[str, Any]:
        """Return the answer as a world has it."""
        return self.model_dump(exclude_unset=True)


def overrides_of(overrides: dict[str, CannedToolResponse] | None) -> dict[str, Any] | None:
    """Return the overrides as a run stores them."""
    if overrides is None:
        return None
    return {tool: one.canned() for tool, one in overrides.items()}


def _check_size(overrides: dict[str, CannedToolResponse]) -> dict[str, CannedToolResponse]:
    check_bytes(overrides_of(overrides), _MAX_OVERRIDES)
    return overrides


ToolOverrides = Annotated[
    dict[Line, CannedToolResponse], Field(max_length=1000), AfterValidator(_check_size)
]


class RunCreate(BaseModel, extra="forbid"):
    """Run to create: scenarios by their ids or their tags, against a target."""

    name: Name | None = None
    """Name for people, and for `--baseline last`; the tags, or the number of scenarios, unless
    given."""

    scenario_ids: ScenarioIds | None = None
    """Scenarios to run, each once."""

    tags: Tags | None = None
    """Tags of the scenarios to run, in place of their ids; a scenario must have all of them."""

    target: RunTarget
    """Agent under test."""

    repeats: int = Field(default=1, ge=1, le=MAX_REPEATS)
    """Simulations of each scenario and persona."""

    persona_ids: PersonaIds = Field(default_factory=list)
    """Personas that play the user, each in all scenarios; none for the recorded user."""

    max_turns: int = Field(default=20, ge=1, le=MAX_TURNS)
    """Messages of the user in one simulation, at most."""

    max_concurrency: int = Field(default=10, ge=1, le=MAX_CONCURRENCY)
    """Simulations in progress at once, at most; fewer if the organization has others."""

    user_model: ModelId | None = None
    """Model that plays the user; without one it is the script of the recorded messages."""

    judge_model: ModelId | None = None
    """Model that judges success criteria; without one they are undecided."""

    criterion_threshold: int = Field(default=4, ge=1, le=5)
    """Least score of a `score_5` criterion that passes."""

    baseline_run_id: UUID | None = None
    """Earlier run that reports compare with."""

    budget: RunBudget = Field(default_factory=RunBudget)
    """Limits of the whole run."""

    tool_overrides: ToolOverrides | None = None
    """Answers of tools in place of the recorded ones, in all scenarios."""

    @model_validator(mode="after")
    def _one_selection(self) -> Self:
        if (self.scenario_ids is None) == (self.tags is None):
            raise ValueError("exactly one of scenario_ids and tags must be supplied")
        return self

    def new_run(self, api_url: str) -> NewRun:
        """Return the run to create; ``api_url`` is this API's address, for programs."""
        count = len(self.scenario_ids or ())
        number = f"{count} scenario{'s' * (count > 1)}"
        name = self.name or " ".join(self.tags or ()) or number
        spec = RunSpec(
            name=name[:255],
            target=self.target.reference(),
            scenario_count=0,
            persona_ids=tuple(dict.fromkeys(self.persona_ids)),
            repeats=self.repeats,
            max_turns=self.max_turns,
            max_concurrency=self.max_concurrency,
            user_model=str(self.user_model) if self.user_model else None,
            judge_model=str(self.judge_model) if self.judge_model else None,
            criterion_threshold=self.criterion_threshold,
            baseline_run_id=self.baseline_run_id,
            budget=Budget(**self.budget.model_dump()),
            tool_overrides=overrides_of(self.tool_overrides),
            api_url=api_url,
        )
        return NewRun(
            spec=spec, scenario_ids=tuple(self.scenario_ids or ()), tags=tuple(self.tags or ())
        )


class ResultOutcome(StrEnum):
    """Outcome of a simulation; without a verdict `error`, or its status."""

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"
    ERROR = "error"
    PENDING = "pending"
    RUNNING = "running"
    CANCELLED = "cancelled"
    BUDGET_EXCEEDED = "budget_exceeded"


class RunListParameters(BaseModel):
    """Page of a list of runs. Unknown parameters are rejected."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=50, ge=1, le=200)
    """Runs of one page, at most."""

    cursor: Cursor | None = None
    """`next_cursor` of the previous page."""


class ResultListParameters(BaseModel):
    """Filters of a run's results. Unknown parameters are rejected."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=50, ge=1, le=200)
    """Results of one page, at most."""

    outcome: ResultOutcome | None = None
    """Only results with this outcome; a page then reads at most 2,000 results."""

    scenario_id: UUID | None = None
    """Only results of this scenario."""

    cursor: Cursor | None = None
    """`next_cursor` of the previous page, with the same filters."""

    def filters(self, run_id: UUID) -> dict[str, Any]:
        """Return what a cursor is bound to."""
        own = self.model_dump(mode="json", exclude={"limit", "cursor"}, exclude_none=True)
        return own | {"run_id": str(run_id)}

    def to_query(self, after: str | None) -> ResultQuery:
        return ResultQuery(
            limit=self.limit,
            outcome=self.outcome and self.outcome.value,
            scenario_id=self.scenario_id,
            after=None if after is None else int(after),
        )
