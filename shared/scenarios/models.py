"""What the API takes and says about scenarios, as the Feather API has it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.core.clock import UtcDatetime
from shared.scenarios.domain import (
    MAX_BRIEF,
    MAX_INTENT,
    MAX_JOURNEY,
    MAX_NAME,
    Criterion,
    CriterionOutput,
    Draft,
    Scenario,
    ScenarioContent,
    ScenarioOrigin,
    ScenarioSource,
)
from shared.scenarios.listing import ScenarioQuery
from shared.sessions.models import AgentRef

Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
Intent = Annotated[str, Field(min_length=1, max_length=MAX_INTENT)]
Journey = Annotated[str, Field(max_length=MAX_JOURNEY)]
Brief = Annotated[str, Field(max_length=MAX_BRIEF)]


class SuccessCriterion(BaseModel):
    """What a run of the scenario is judged by."""

    description: str = Field(min_length=1, max_length=500)
    output_type: CriterionOutput

    def to_domain(self) -> Criterion:
        return Criterion(self.description, self.output_type)


class ScenarioDraftFromSessionRequest(BaseModel):
    """The session to draft from: of any kind, by its UUID."""

    session_id: UUID


class ScenarioDraftRequest(BaseModel):
    """What a person wants tested, in a few words, and against which agent."""

    brief: str = Field(min_length=1, max_length=MAX_BRIEF)
    agent_id: UUID
    persona_id: UUID | None = None


class _Drafted(BaseModel):
    """What a draft and a scenario to be stored have in common."""

    name: Name
    intent: Intent
    journey: str = Field(default="", max_length=MAX_JOURNEY)
    mock_world: dict[str, Any] = Field(default_factory=dict)
    source: ScenarioSource = ScenarioSource.MANUAL
    source_brief: Brief | None = None
    source_agent_id: UUID | None = None
    source_persona_id: UUID | None = None
    tags: list[str] = Field(default_factory=list)
    agent_ids: list[UUID] = Field(default_factory=list)


class ScenarioDraft(_Drafted):
    """A scenario that is not stored; it can be sent back to be created as it is."""

    source_agent_name: str | None = None
    source_persona_name: str | None = None

    @classmethod
    def of(cls, draft: Draft) -> "ScenarioDraft":
        agent = draft.agent
        return cls(
            name=draft.name,
            intent=draft.intent,
            journey=draft.journey,
            mock_world=draft.mock_world,
            source=ScenarioSource.DRAFTED,
            source_brief=draft.brief,
            source_agent_id=agent.id.uuid if agent else None,
            source_persona_id=draft.persona_id,
            source_agent_name=agent.name if agent else None,
            agent_ids=[agent.id.uuid] if agent else [],
            tags=list(draft.tags),
        )


class ScenarioCreate(_Drafted):
    """A scenario to store: written by hand, or a draft as it came.

    The names that a draft shows beside ids are not read: they are looked up.
    """

    success_criteria: list[SuccessCriterion] = Field(default_factory=list)

    def content(self) -> ScenarioContent:
        return ScenarioContent(
            name=self.name,
            intent=self.intent,
            journey=self.journey,
            mock_world=self.mock_world,
            success_criteria=tuple(one.to_domain() for one in self.success_criteria),
            tags=tuple(self.tags),
            agent_ids=tuple(dict.fromkeys(self.agent_ids)),
        )

    def origin(self) -> ScenarioOrigin:
        return ScenarioOrigin(
            source=self.source,
            brief=self.source_brief,
            agent_id=self.source_agent_id,
            persona_id=self.source_persona_id,
        )


class ScenarioUpdate(BaseModel):
    """What to change in a scenario; what is left out, or null, stays as it is."""

    name: Name | None = None
    intent: Intent | None = None
    journey: Journey | None = None
    success_criteria: list[SuccessCriterion] | None = None
    mock_world: dict[str, Any] | None = None
    tags: list[str] | None = None
    agent_ids: list[UUID] | None = None

    def changes(self) -> dict[str, Any]:
        """Return what is to be changed, as fields of ``ScenarioContent``."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        changes = {name: value for name, value in given.items() if value is not None}
        if "success_criteria" in changes:
            criteria: list[SuccessCriterion] = changes["success_criteria"]
            changes["success_criteria"] = tuple(one.to_domain() for one in criteria)
        if "tags" in changes:
            changes["tags"] = tuple(changes["tags"])
        if "agent_ids" in changes:
            changes["agent_ids"] = tuple(dict.fromkeys(changes["agent_ids"]))
        return changes


class ScenarioListParameters(BaseModel):
    """Which scenarios to list; all that is given must hold, and what is not known is refused."""

    model_config = ConfigDict(extra="forbid")

    source: ScenarioSource | None = None
    source_agent_id: UUID | None = None
    source_persona_id: UUID | None = None
    agent_id: UUID | None = None
    tags: list[str] | None = Field(default=None, description="Those that have all of these.")
    created_after: UtcDatetime | None = None
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = None

    def filters(self) -> dict[str, Any]:
        """Return what a cursor is bound to."""
        given = self.model_dump(mode="json", exclude={"limit", "cursor"}, exclude_none=True)
        return given | {"tags": sorted(set(self.tags or ()))}

    def to_query(self, after: str | None) -> ScenarioQuery:
        return ScenarioQuery(
            limit=self.limit,
            source=self.source,
            source_agent_id=self.source_agent_id,
            source_persona_id=self.source_persona_id,
            agent_id=self.agent_id,
            tags=frozenset(self.tags or ()),
            created_after=self.created_after,
            after=after,
        )


class ScenarioAgentRef(BaseModel):
    """An agent that a scenario is to be run against."""

    id: UUID
    name: str


class ScenarioResponse(BaseModel):
    """A scenario. Agents are shown by the names they have now.

    Personas are kept by another system: one is known by its id, and its name is null.
    """

    id: UUID
    organization_id: UUID
    name: str
    intent: str
    journey: str
    success_criteria: list[SuccessCriterion]
    mock_world: dict[str, Any]
    source: ScenarioSource
    source_brief: str | None = None
    source_agent_id: UUID | None = None
    source_agent_name: str | None = None
    source_persona_id: UUID | None = None
    source_persona_name: str | None = None
    tags: list[str]
    agents: list[ScenarioAgentRef] = Field(default_factory=list)
    created_by: str | None = None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, scenario: Scenario, agents: Mapping[UUID, AgentRef]) -> "ScenarioResponse":
        content, origin = scenario.content, scenario.origin
        source = agents.get(origin.agent_id) if origin.agent_id else None
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
            source_agent_name=source.name if source else None,
            source_persona_id=origin.persona_id,
            tags=list(content.tags),
            agents=[
                ScenarioAgentRef(id=one, name=agents[one].name)
                for one in content.agent_ids
                if one in agents
            ],
            created_by=scenario.created_by,
            created_at=scenario.created_at,
            updated_at=scenario.updated_at,
        )
