"""Request and response models of stored scenarios (Feather API)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.core.api_types import UtcDatetime
from shared.scenarios.api import Intent, Journey, Name, ScenarioFields
from shared.scenarios.library.domain import (
    Criterion,
    CriterionOutput,
    Scenario,
    ScenarioContent,
    ScenarioOrigin,
    ScenarioQuery,
    ScenarioSource,
)


class SuccessCriterion(BaseModel):
    """Success criterion of a scenario run."""

    description: str = Field(min_length=1, max_length=500)
    output_type: CriterionOutput


#: Conversions of fields to those of ``ScenarioContent``.
_CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    "success_criteria": lambda criteria: tuple(
        Criterion(one.description, one.output_type) for one in criteria
    ),
    "tags": tuple,
    "agent_ids": lambda ids: tuple(dict.fromkeys(ids)),
}


def _to_content(model: BaseModel, names: Iterable[str]) -> dict[str, Any]:
    """Return the fields of ``ScenarioContent`` that are not null."""
    return {
        name: _CONVERSIONS.get(name, lambda same: same)(value)
        for name in names
        if (value := getattr(model, name)) is not None
    }


class ScenarioCreate(ScenarioFields):
    """Scenario to create: written by hand, or a draft sent back unchanged.

    The agent and persona names of a draft are ignored: they are looked up.
    """

    success_criteria: list[SuccessCriterion] = Field(default_factory=list)

    def content(self) -> ScenarioContent:
        return ScenarioContent(**_to_content(self, ScenarioUpdate.model_fields))

    def origin(self) -> ScenarioOrigin:
        return ScenarioOrigin(
            source=self.source,
            brief=self.source_brief,
            agent_id=self.source_agent_id,
            persona_id=self.source_persona_id,
        )


class ScenarioUpdate(BaseModel):
    """Changes to a scenario; fields that are omitted or null stay as they are."""

    name: Name | None = None
    intent: Intent | None = None
    journey: Journey | None = None
    success_criteria: list[SuccessCriterion] | None = None
    mock_world: dict[str, Any] | None = None
    tags: list[str] | None = None
    agent_ids: list[UUID] | None = None

    def changes(self) -> dict[str, Any]:
        """Return the changes as fields of ``ScenarioContent``."""
        return _to_content(self, self.model_fields_set)


class ScenarioListParameters(BaseModel):
    """Filters of a scenario list; all must match, unknown parameters are rejected."""

    model_config = ConfigDict(extra="forbid")

    source: ScenarioSource | None = None
    source_agent_id: UUID | None = None
    source_persona_id: UUID | None = None
    agent_id: UUID | None = None
    tags: list[str] | None = Field(
        default=None, description="Only scenarios that have all of these tags."
    )
    created_after: UtcDatetime | None = None
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = None

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
    name: str


class ScenarioResponse(BaseModel):
    """Stored scenario. Agents have their current names.

    Another system stores personas: only the id is known, and the persona's name is null.
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
            tags=list(content.tags),
            agents=[ScenarioAgentRef(id=one, name=agent_names[one]) for one in targets],
            created_by=scenario.created_by,
            created_at=scenario.created_at,
            updated_at=scenario.updated_at,
        )
