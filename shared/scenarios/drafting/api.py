"""Request and response models of drafts (Feather API)."""

from uuid import UUID

from pydantic import BaseModel, Field

from shared.core.api_types import AgentUuid, SessionUuid
from shared.scenarios.api import ScenarioFields
from shared.scenarios.drafting.domain import Draft
from shared.scenarios.library.domain import MAX_BRIEF, ScenarioSource
from shared.scenarios.redaction.kinds import Kind
from shared.scenarios.redaction.replacements import Replacement


class ScenarioDraftFromSessionRequest(BaseModel, extra="forbid"):
    """Session to draft from, of any kind."""

    session_id: SessionUuid
    """Agent, playground or evaluation session: its UUID, or `session_` and 32 hexadecimal
    digits.
    """


class ScenarioDraftRequest(BaseModel, extra="forbid"):
    """Brief to draft from: the situation to test, in a few words, and the agent."""

    brief: str = Field(min_length=1, max_length=MAX_BRIEF)
    """Situation to test, in one or more sentences."""

    agent_id: AgentUuid
    """Agent to test: its UUID, or `agent_` and 32 hexadecimal digits."""

    persona_id: UUID | None = None
    """Persona that plays the user; it need not be stored here."""


class DraftReplacement(BaseModel):
    """Personal value that was replaced in a draft, without the value."""

    kind: Kind
    """Kind of the value."""

    placeholder: str | None
    """Placeholder in name, intent, journey and tags; null if it is in none of them."""

    pseudonyms: list[str]
    """Invented values in mock world and user turns, one for each notation and part of the value."""

    @classmethod
    def of(cls, replacement: Replacement) -> "DraftReplacement":
        return cls(
            kind=replacement.kind,
            placeholder=replacement.placeholder,
            pseudonyms=list(replacement.pseudonyms),
        )


class ScenarioDraft(ScenarioFields):
    """Draft of a scenario, not stored; it can be sent back unchanged to create the scenario."""

    source_agent_name: str | None = None
    """Name of the agent."""

    source_persona_name: str | None = None
    """Name of the persona; null for one that is not stored here."""

    user_turns: list[str] = Field(default_factory=list)
    """Messages of the session's user in their order, with invented values in place of personal
    data: without a model, a simulated user says these. The last ones are left out where all take
    more than 100,000 bytes as JSON.
    """

    replacements: list[DraftReplacement] = Field(default_factory=list)
    """Personal values that were replaced in the draft, 500 at most."""

    @classmethod
    def of(cls, draft: Draft) -> "ScenarioDraft":
        agent = draft.agent
        return cls(
            name=draft.name,
            intent=draft.intent,
            journey=draft.journey,
            mock_world=draft.mock_world,
            user_turns=list(draft.user_turns),
            source=ScenarioSource.DRAFTED,
            source_brief=draft.brief,
            source_agent_id=agent.id.uuid if agent else None,
            source_persona_id=draft.persona_id,
            source_persona_name=draft.persona_name,
            source_agent_name=agent.name if agent else None,
            agent_ids=[agent.id.uuid] if agent else [],
            tags=list(draft.tags),
            replacements=[DraftReplacement.of(one) for one in draft.replacements],
        )
