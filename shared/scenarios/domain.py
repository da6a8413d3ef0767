"""What scenarios and their drafts are."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.core.ids import OrganizationId
from shared.sessions.models import AgentRef
from shared.sessions.transcript import Transcript

#: Characters of the texts, at most (the Feather API).
MAX_NAME = 255
MAX_INTENT = 500
MAX_JOURNEY = 20_000
MAX_BRIEF = 2_000


class ScenarioSource(StrEnum):
    """Where a scenario comes from: a person, or a session or brief."""

    MANUAL = "manual"
    DRAFTED = "drafted"


class CriterionOutput(StrEnum):
    """How a success criterion is judged: met or not, or on a scale of 1 to 5."""

    BOOLEAN = "boolean"
    SCORE_5 = "score_5"


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a run of the scenario is judged by (1 to 500 characters)."""

    description: str
    output_type: CriterionOutput


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A scenario drafted from a session or a brief, stored nowhere.

    Attributes
    ----------
    intent
        What the user wanted, in plain words (at most 500 characters).
    journey
        How it went, in order (at most 20,000 characters).
    mock_world
        What each tool answered; see ``mock_world.py``.
    brief, persona_id
        What a person asked for and who is to play it; only of a draft from a brief.
    """

    name: str
    intent: str
    journey: str
    mock_world: dict[str, Any]
    tags: tuple[str, ...] = ()
    agent: AgentRef | None = field(default=None)
    brief: str | None = None
    persona_id: UUID | None = None


#: Who writes the words of a draft: the rules, or a model.
type Drafter = Callable[[Transcript], Draft]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioContent:
    """What may be changed in a scenario.

    ``agent_ids`` are the agents that it is to be run against, without repetition.
    """

    name: str
    intent: str
    journey: str = ""
    mock_world: dict[str, Any] = field(default_factory=dict)
    success_criteria: tuple[Criterion, ...] = ()
    tags: tuple[str, ...] = ()
    agent_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioOrigin:
    """Where a scenario comes from. It never changes.

    ``persona_id`` names who plays the user; personas are kept by another system.
    """

    source: ScenarioSource = ScenarioSource.MANUAL
    brief: str | None = None
    agent_id: UUID | None = None
    persona_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A test that can be run: what a user wants, how it went, and the world it went in.

    ``created_by`` is the API key that stored it; ``version`` counts its writes, see ``ETag``.
    """

    id: UUID
    organization_id: OrganizationId
    content: ScenarioContent
    origin: ScenarioOrigin
    created_by: str
    created_at: datetime
    updated_at: datetime
    version: int = 1

    @property
    def named_agents(self) -> tuple[UUID, ...]:
        """The agents that it names, as a target or as its origin."""
        ids = self.content.agent_ids
        source = self.origin.agent_id
        return ids if source is None or source in ids else (*ids, source)
