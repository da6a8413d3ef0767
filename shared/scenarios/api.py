"""Fields that the models of drafts and of stored scenarios have in common."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from shared.scenarios.library.domain import (
    MAX_BRIEF,
    MAX_INTENT,
    MAX_JOURNEY,
    MAX_NAME,
    ScenarioSource,
)

Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
Intent = Annotated[str, Field(min_length=1, max_length=MAX_INTENT)]
Journey = Annotated[str, Field(max_length=MAX_JOURNEY)]
Brief = Annotated[str, Field(max_length=MAX_BRIEF)]


class ScenarioFields(BaseModel):
    """Fields that a draft and a scenario to create have in common."""

    name: Name
    intent: Intent
    journey: Journey = ""
    mock_world: dict[str, Any] = Field(default_factory=dict)
    source: ScenarioSource = ScenarioSource.MANUAL
    source_brief: Brief | None = None
    source_agent_id: UUID | None = None
    source_persona_id: UUID | None = None
    tags: list[str] = Field(default_factory=list)
    agent_ids: list[UUID] = Field(default_factory=list)
