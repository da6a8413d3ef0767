"""Scenario entities, their limits, and the filters of a list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.core.ids import OrganizationId

#: Maximum characters of the texts (Feather API).
MAX_NAME = 255
MAX_INTENT = 500
MAX_JOURNEY = 20_000
MAX_BRIEF = 2_000
#: Maximum tags of a scenario, more than any session has, and characters of a tag.
MAX_TAGS = 100
MAX_TAG = 500
#: Bytes of a mock world as JSON: with the texts it fits into a stored item.
MAX_WORLD_BYTES = 350_000
#: Messages of the user, characters of each, and bytes of all as JSON: every run copies them
#: into the item of a simulation.
MAX_USER_TURNS = 200
MAX_USER_TURN = 20_000
MAX_TURNS_BYTES = 100_000
#: Bytes of the texts, the messages and the mock world of a draft: with its other fields it
#: fits into a stored item of 400 KB.
MAX_SCENARIO_BYTES = 380_000


class ScenarioSource(StrEnum):
    """Source of a scenario: written by a person, or drafted from a session or brief."""

    MANUAL = "manual"
    DRAFTED = "drafted"


class CriterionOutput(StrEnum):
    """Scale of a success criterion: met or not, or 1 to 5."""

    BOOLEAN = "boolean"
    SCORE_5 = "score_5"


@dataclass(frozen=True, slots=True)
class Criterion:
    """Success criterion of a scenario run (1 to 500 characters)."""

    description: str
    output_type: CriterionOutput


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioContent:
    """Fields of a scenario that can be changed.

    ``agent_ids`` are the agents that it is to be run against, without repetition.
    ``user_turns`` are the recorded user's messages, with invented values.
    """

    name: str
    intent: str
    journey: str = ""
    mock_world: dict[str, Any] = field(default_factory=dict)
    success_criteria: tuple[Criterion, ...] = ()
    tags: tuple[str, ...] = ()
    agent_ids: tuple[UUID, ...] = ()
    user_turns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioOrigin:
    """Origin of a scenario; it never changes.

    ``persona_id`` names the persona that plays the user; it need not exist.
    """

    source: ScenarioSource = ScenarioSource.MANUAL
    brief: str | None = None
    agent_id: UUID | None = None
    persona_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Runnable test: the user's intent, the journey, and the mock world of the tools.

    ``created_by`` is the API key that created it; ``version`` counts its writes (``ETag``).
    ``agent_names`` are the names of its agents and of its persona at creation, for replays of
    the create.
    """

    id: UUID
    organization_id: OrganizationId
    content: ScenarioContent
    origin: ScenarioOrigin
    created_by: str
    created_at: datetime
    updated_at: datetime
    agent_names: Mapping[UUID, str] = field(default_factory=dict)
    version: int = 1

    @property
    def referenced_agents(self) -> tuple[UUID, ...]:
        """Agents that it references as target or origin, without repetition."""
        ids = self.content.agent_ids
        source = self.origin.agent_id
        return ids if source is None or source in ids else (*ids, source)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioQuery:
    """Filters and page of a scenario list, newest first; ``tags`` must all be present."""

    limit: int
    source: ScenarioSource | None = None
    source_agent_id: UUID | None = None
    source_persona_id: UUID | None = None
    agent_id: UUID | None = None
    tags: frozenset[str] = frozenset()
    created_after: datetime | None = None
    after: str | None = None

    def matches(self, scenario: Scenario) -> bool:
        """Check all filters except ``created_after``, which bounds the sort key."""
        origin, content = scenario.origin, scenario.content
        return (
            self.source in (None, origin.source)
            and self.source_agent_id in (None, origin.agent_id)
            and self.source_persona_id in (None, origin.persona_id)
            and (self.agent_id is None or self.agent_id in content.agent_ids)
            and self.tags.issubset(content.tags)
        )

    def matches_whole_list(self) -> bool:
        """Check that the list's key alone selects the scenarios."""
        keys = (self.source_agent_id, self.source_persona_id, self.agent_id)
        return not self.tags and self.source is None and sum(key is not None for key in keys) < 2
