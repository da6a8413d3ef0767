"""API models of runs of one simulation, in the form of the Feather API."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.core.api_types import AgentUuid, Cursor
from shared.core.errors import InvalidInput
from shared.core.ids import AgentId
from shared.runs.requests.api import ToolOverrides, overrides_of
from shared.runs.runs.domain import Run, RunSpec, RunStatus
from shared.runs.runs.service import NewRun
from shared.runs.simulations.domain import Simulation

#: Fields of a run by the names that a request for one simulation has for them.
_NAMES = {
    "persona_ids": "persona_id",
    "scenario_ids": "scenario_id",
    "target.agent_id": "agent_id",
    "target.revision_id": "agent_revision_id",
}


class SimulationChannel(StrEnum):
    """Channel of a conversation."""

    TEXT = "text"
    VOICE = "voice"


class SimulationRunDispatch(BaseModel, extra="forbid"):
    """Simulation to run: a scenario, played by a persona, against an agent."""

    agent_id: AgentUuid
    """Agent under test."""

    agent_revision_id: UUID | None = None
    """Revision of a workflow that runs in place of the agent."""

    persona_id: UUID
    """Persona that plays the user."""

    scenario_id: UUID
    """Scenario to run."""

    channel: SimulationChannel = SimulationChannel.VOICE
    """Channel of the conversation; `voice` is simulated by text too."""

    tool_overrides: ToolOverrides | None = None
    """Answers of tools in place of the recorded ones."""

    def new_run(self, api_url: str) -> NewRun:
        """Return the run to create; ``api_url`` is this API's address, for programs."""
        target = {"agent_id": str(AgentId(self.agent_id))}
        if self.agent_revision_id is not None:
            target = {"revision_id": str(self.agent_revision_id)}
        dispatch = {
            "agent_id": self.agent_id.hex,
            "agent_revision_id": self.agent_revision_id and self.agent_revision_id.hex,
            "scenario_id": self.scenario_id.hex,
            "channel": self.channel.value,
        }
        spec = RunSpec(
            name="Simulation",
            target=target,
            scenario_count=0,
            persona_ids=(self.persona_id,),
            tool_overrides=overrides_of(self.tool_overrides),
            dispatch=dispatch,
            api_url=api_url,
        )
        return NewRun(spec=spec, scenario_ids=(self.scenario_id,))


@contextmanager
def names_as_requested() -> Iterator[None]:
    """Refuse a run's field under the name that the request has for it."""
    try:
        yield
    except InvalidInput as error:
        field, _, reason = error.message.partition(": ")
        message = f"{_NAMES.get(field, field)}: {reason}"
        raise InvalidInput(message, code=error.code) from error


class SimulationRunListParameters(BaseModel):
    """Filters of a list of runs of one simulation; unknown parameters are rejected."""

    model_config = ConfigDict(extra="forbid")

    status: RunStatus | None = None
    """Only runs with this status."""

    agent_id: AgentUuid | None = None
    """Only runs of this agent."""

    limit: int = Field(default=50, ge=1, le=200)
    """Runs in one page, at most."""

    cursor: Cursor | None = None
    """`next_cursor` of the previous page, with the same filters."""

    def filters(self) -> dict[str, Any]:
        """Return the filters that a cursor is bound to."""
        return self.model_dump(mode="json", exclude={"limit", "cursor"}, exclude_none=True)

    def passes(self, run: Run) -> bool:
        """Return whether a run has the wanted status."""
        return self.status in (None, run.status)


class SimulationRunResponse(BaseModel):
    """Run of one simulation."""

    id: UUID
    """Id of the run; `GET /v1/runs/{id}` shows it too, with its verdict."""
    session_id: UUID
    """Session that holds the conversation, once it has begun."""
    organization_id: UUID
    """Organization that owns the run."""
    agent_id: UUID
    """Agent under test."""
    agent_revision_id: UUID | None
    """Revision of a workflow that runs in place of the agent."""
    persona_id: UUID
    """Persona that plays the user."""
    scenario_id: UUID
    """Scenario that is run."""
    channel: SimulationChannel
    """Channel as requested."""
    tool_overrides: dict[str, Any] | None
    """Answers of tools in place of the recorded ones."""
    status: str
    """`pending`, `running`, `completed`, `failed`, `cancelled` or `budget_exceeded`."""
    started_at: datetime | None
    """Time at which the conversation began."""
    finished_at: datetime | None
    """Time at which it ended."""
    error_text: str | None
    """Reason of a failed run."""
    inputs_snapshot: dict[str, Any]
    """Inputs as they were when it began: scenario, persona, checks; empty until then."""
    created_at: datetime
    """Time of creation."""
    recording_id: UUID | None = None
    """Always null: text has no recording."""
    recording_status: str | None = None
    """Always null: text has no recording."""

    @classmethod
    def of(cls, run: Run, simulation: Simulation) -> Self:
        dispatch = run.spec.dispatch or {}
        revision = dispatch["agent_revision_id"]
        return cls(
            id=run.id,
            session_id=simulation.session_id,
            organization_id=run.organization_id.uuid,
            agent_id=UUID(dispatch["agent_id"]),
            agent_revision_id=revision and UUID(revision),
            persona_id=run.spec.persona_ids[0],
            scenario_id=UUID(dispatch["scenario_id"]),
            channel=SimulationChannel(dispatch["channel"]),
            tool_overrides=run.spec.tool_overrides,
            status=run.status.value if run.status.is_final else simulation.status.value,
            started_at=simulation.started_at,
            finished_at=run.finished_at or simulation.finished_at,
            error_text=run.error or simulation.error,
            inputs_snapshot=simulation.snapshot,
            created_at=run.created_at,
        )
