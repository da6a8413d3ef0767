"""Scenarios: the domain, and what the API says of them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from shared.sessions.models import AgentRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A scenario drafted from a session, stored nowhere.

    Attributes
    ----------
    intent
        What the user wanted, in plain words (at most 500 characters).
    journey
        How it went, in order (at most 20,000 characters).
    mock_world
        What each tool answered; see ``mock_world.py``.
    """

    name: str
    intent: str
    journey: str
    mock_world: dict[str, Any]
    tags: tuple[str, ...] = ()
    agent: AgentRef | None = field(default=None)


class ScenarioSource(StrEnum):
    """Where a scenario comes from: a person, or a session or brief."""

    MANUAL = "manual"
    DRAFTED = "drafted"


class ScenarioDraftFromSessionRequest(BaseModel):
    """The session to draft from: of any kind, by its UUID."""

    session_id: UUID


class ScenarioDraft(BaseModel):
    """A scenario that is not stored; it can be sent back to be created as it is."""

    name: str = Field(min_length=1, max_length=255)
    intent: str = Field(min_length=1, max_length=500)
    journey: str = Field(default="", max_length=20_000)
    mock_world: dict[str, Any] = Field(default_factory=dict)
    source: ScenarioSource = ScenarioSource.MANUAL
    source_brief: str | None = Field(default=None, max_length=2_000)
    source_agent_id: UUID | None = None
    source_persona_id: UUID | None = None
    tags: list[str] = Field(default_factory=list)
    agent_ids: list[UUID] = Field(default_factory=list)
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
            source_agent_id=agent.id.uuid if agent else None,
            source_agent_name=agent.name if agent else None,
            agent_ids=[agent.id.uuid] if agent else [],
            tags=list(draft.tags),
        )
