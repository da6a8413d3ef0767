"""Request and response models of stored scenarios (Feather API)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.core.api_types import AgentUuid, Cursor, Paragraph, UtcDatetime
from shared.scenarios.api import (
    AgentIds,
    DraftReplacements,
    Intent,
    Journey,
    Name,
    ScenarioFields,
    Tags,
    UserTurns,
    World,
)
from shared.scenarios.library.domain import (
    Criterion,
    CriterionOutput,
    Scenario,
    ScenarioContent,
    ScenarioOrigin,
    ScenarioQuery,
    ScenarioSource,
)
from shared.scenarios.library.exporting import ScenarioFormat, deepeval_golden, promptfoo_test


class SuccessCriterion(BaseModel, extra="forbid"):
    """Success criterion of a scenario run."""

    description: str = Field(min_length=1, max_length=500)
    """Condition that the run must meet."""

    output_type: CriterionOutput
    """Scale of the result: met or not, or 1 to 5."""


Criteria = Annotated[list[SuccessCriterion], Field(max_length=100)]

#: Conversions of fields to those of ``ScenarioContent``.
_CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    "success_criteria": lambda criteria: tuple(
        Criterion(one.description, one.output_type) for one in criteria
    ),
    "tags": tuple,
    "user_turns": tuple,
    "agent_ids": lambda ids: tuple(dict.fromkeys(ids)),
}


def _to_content(model: BaseModel, names: Iterable[str]) -> dict[str, Any]:
    """Return the fields of ``ScenarioContent`` that are not null."""
    return {
        name: _CONVERSIONS.get(name, lambda same: same)(value)
        for name in names
        if (value := getattr(model, name)) is not None
    }


class ScenarioCreate(ScenarioFields, extra="forbid"):
    """Scenario to create: written by hand, or a draft sent back unchanged."""

    mock_world: World = Field(default_factory=dict)

    tags: Tags = Field(default_factory=list)

    agent_ids: AgentIds = Field(default_factory=list)

    success_criteria: Criteria = Field(default_factory=list)
    """Criteria that a run is judged by."""

    source_agent_name: Paragraph | None = None
    """Part of a draft, accepted and not stored: the current name is looked up."""

    source_persona_name: Paragraph | None = None
    """Part of a draft, accepted and not stored: the current name is looked up."""

    replacements: DraftReplacements | None = None
    """Part of a draft, accepted and not stored."""

    user_turns: UserTurns = Field(default_factory=list)
    """Messages of the recorded user in their order, with invented values in place of personal
    data: without a model, a simulated user says these. At most 100,000 bytes as JSON.
    """

    def content(self) -> ScenarioContent:
        return ScenarioContent(**_to_content(self, ScenarioUpdate.model_fields))

    def origin(self) -> ScenarioOrigin:
        return ScenarioOrigin(
            source=self.source,
            brief=self.source_brief,
            agent_id=self.source_agent_id,
            persona_id=self.source_persona_id,
        )


class ScenarioUpdate(BaseModel, extra="forbid"):
    """Changes to a scenario; fields that are omitted or null stay as they are.

    Its origin, the fields `source…`, never changes: a request that names one is refused.
    """

    name: Name | None = None
    """New title."""

    intent: Intent | None = None
    """New intent."""

    journey: Journey | None = None
    """New journey."""

    success_criteria: Criteria | None = None
    """Replaces all criteria."""

    mock_world: World | None = None
    """Replaces the whole mock world; at most 350,000 bytes as JSON."""

    user_turns: UserTurns | None = None
    """Replaces all messages of the recorded user; at most 100,000 bytes as JSON."""

    tags: Tags | None = None
    """Replaces all tags."""

    agent_ids: AgentIds | None = None
    """Replaces all agents: UUIDs, or `agent_` and 32 hexadecimal digits; at most 50."""

    def changes(self) -> dict[str, Any]:
        """Return the changes as fields of ``ScenarioContent``."""
        return _to_content(self, self.model_fields_set)


class ScenarioListParameters(BaseModel):
    """Filters of a scenario list; all must match, unknown parameters are rejected."""

    model_config = ConfigDict(extra="forbid")

    source: ScenarioSource | None = None
    """Only scenarios from this source."""

    source_agent_id: AgentUuid | None = None
    """Only scenarios drafted from this agent: its UUID, or `agent_` and 32 hexadecimal digits."""

    source_persona_id: UUID | None = None
    """Only scenarios with this persona."""

    agent_id: AgentUuid | None = None
    """Only scenarios for this agent: its UUID, or `agent_` and 32 hexadecimal digits."""

    tags: Tags | None = None
    """Only scenarios that have all of these tags."""

    created_after: UtcDatetime | None = None
    """Only scenarios created after this time."""

    limit: int = Field(default=50, ge=1, le=200)
    """Scenarios in one page, at most; fewer if they are large."""

    cursor: Cursor | None = None
    """`next_cursor` of the previous page, with the same filters."""

    def filters(self) -> dict[str, Any]:
        """Return the filters that a cursor is bound to."""
        given = self.model_dump(mode="json", exclude={"limit", "cursor"}, exclude_none=True)
        return given | {"tags": sorted(set(self.tags or ()))}

    def to_query(self, after: str | None) -> ScenarioQuery:
        filters = self.model_dump(exclude={"cursor", "tags"})
        return ScenarioQuery(**filters, tags=frozenset(self.tags or ()), after=after)


class ScenarioAgentRef(BaseModel):
    """Agent that a scenario is to be run against."""

    id: UUID
    """Id of the agent."""

    name: str
    """Current name of the agent."""


class ScenarioResponse(BaseModel):
    """Stored scenario. Its agents and its persona have their current names."""

    id: UUID
    """Id of the scenario."""

    organization_id: UUID
    """Organization that owns the scenario."""

    name: str
    """Short title."""

    intent: str
    """Goal of the user, in plain sentences."""

    journey: str
    """Course of the conversation, step by step."""

    success_criteria: list[SuccessCriterion]
    """Criteria that a run is judged by."""

    mock_world: dict[str, Any]
    """Answers by tool."""

    source: ScenarioSource
    """Written by a person, or drafted."""

    source_brief: str | None = None
    """Brief that the scenario was drafted from."""

    source_agent_id: UUID | None = None
    """Agent of the session or brief that it was drafted from."""

    source_agent_name: str | None = None
    """Current name of that agent."""

    source_persona_id: UUID | None = None
    """Persona that plays the user."""

    source_persona_name: str | None = None
    """Current name of the persona; null for one that is not stored here."""

    tags: list[str]
    """Tags, which lists filter by."""

    agents: list[ScenarioAgentRef] = Field(default_factory=list)
    """Agents to run the scenario against."""

    created_by: str | None = None
    """API key that created the scenario."""

    created_at: datetime
    """Time of creation."""

    updated_at: datetime
    """Time of the last change."""

    user_turns: list[str] = Field(default_factory=list)
    """Messages of the recorded user in their order, with invented values in place of personal
    data: without a model, a simulated user says these.
    """

    @classmethod
    def of(cls, scenario: Scenario, agent_names: Mapping[UUID, str]) -> "ScenarioResponse":
        content, origin = scenario.content, scenario.origin
        targets = [one for one in content.agent_ids if one in agent_names]
        return cls(
            id=scenario.id,
            organization_id=scenario.organization_id.uuid,
            name=content.name,
            intent=content.intent,
            journey=content.journey,
            success_criteria=[
                SuccessCriterion(description=one.description, output_type=one.output_type)
                for one in content.success_criteria
            ],
            mock_world=content.mock_world,
            source=origin.source,
            source_brief=origin.brief,
            source_agent_id=origin.agent_id,
            source_agent_name=agent_names.get(origin.agent_id) if origin.agent_id else None,
            source_persona_id=origin.persona_id,
            source_persona_name=agent_names.get(origin.persona_id) if origin.persona_id else None,
            tags=list(content.tags),
            agents=[ScenarioAgentRef(id=one, name=agent_names[one]) for one in targets],
            created_by=scenario.created_by,
            created_at=scenario.created_at,
            updated_at=scenario.updated_at,
            user_turns=list(content.user_turns),
        )


class ScenarioExportParameters(ScenarioListParameters):
    """Filters of an export, as those of the list, and its format."""

    format: ScenarioFormat = ScenarioFormat.JSONL
    """`jsonl`: whole scenarios; `promptfoo`: tests; `deepeval`: conversational goldens."""

    limit: int = Field(default=200, ge=1, le=200)
    """Scenarios in one page, at most; fewer if they are large."""

    def to_query(self, after: str | None) -> ScenarioQuery:
        filters = self.model_dump(exclude={"cursor", "tags", "format"})
        return ScenarioQuery(**filters, tags=frozenset(self.tags or ()), after=after)


LINES: dict[ScenarioFormat, Callable[[Scenario, Mapping[UUID, str]], Any]] = {
    ScenarioFormat.JSONL: lambda one, names: ScenarioResponse.of(one, names).model_dump(
        mode="json"
    ),
    ScenarioFormat.PROMPTFOO: promptfoo_test,
    ScenarioFormat.DEEPEVAL: deepeval_golden,
}
