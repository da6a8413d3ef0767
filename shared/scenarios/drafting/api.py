"""Request and response models of drafts (Feather API)."""

from uuid import UUID

from pydantic import BaseModel, Field

from shared.scenarios.api import ScenarioFields
from shared.scenarios.drafting.domain import Draft
from shared.scenarios.library.domain import MAX_BRIEF, ScenarioSource


class ScenarioDraftFromSessionRequest(BaseModel):
    """Session to draft from: of any kind, by its UUID."""

    session_id: UUID


class ScenarioDraftRequest(BaseModel):
    """Brief to draft from: the situation to test, in a few words, and the agent."""

    brief: str = Field(min_length=1, max_length=MAX_BRIEF)
    agent_id: UUID
    persona_id: UUID | None = None


class ScenarioDraft(ScenarioFields):
    """Draft of a scenario, not stored; it can be sent back unchanged to create the scenario."""

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
