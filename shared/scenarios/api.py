"""Fields that the models of drafts and of stored scenarios have in common."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from shared.core.api_types import AgentUuid, Line, at_most_bytes
from shared.scenarios.library.domain import (
    MAX_BRIEF,
    MAX_INTENT,
    MAX_JOURNEY,
    MAX_NAME,
    MAX_TAGS,
    MAX_TURNS_BYTES,
    MAX_USER_TURN,
    MAX_USER_TURNS,
    MAX_WORLD_BYTES,
    ScenarioSource,
)

#: Entries of the list of agents, repeated ones included.
_MAX_AGENT_IDS = 100

Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
Intent = Annotated[str, Field(min_length=1, max_length=MAX_INTENT)]
Journey = Annotated[str, Field(max_length=MAX_JOURNEY)]
Brief = Annotated[str, Field(max_length=MAX_BRIEF)]
World = Annotated[dict[str, Any], at_most_bytes(MAX_WORLD_BYTES)]
Tags = Annotated[list[Line], Field(max_length=MAX_TAGS)]
UserTurns = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=MAX_USER_TURN)]],
    Field(max_length=MAX_USER_TURNS),
    at_most_bytes(MAX_TURNS_BYTES),
]
#: Replaced values of a draft that is sent back: read by people only.
DraftReplacements = Annotated[
    list[dict[str, Any]], Field(max_length=1_000), at_most_bytes(MAX_WORLD_BYTES)
]
AgentIds = Annotated[list[AgentUuid], Field(max_length=_MAX_AGENT_IDS)]


class ScenarioFields(BaseModel):
    """Fields that a draft and a scenario to create have in common."""

    name: Name
    """Short title."""

    intent: Intent
    """Goal of the user, in plain sentences."""

    journey: Journey = ""
    """Course of the conversation, step by step."""

    mock_world: dict[str, Any] = Field(default_factory=dict)
    """Answers by tool: `{"output": …}` or `{"error": …}`, with `delay_ms` if they take time; any
    arguments get such an answer. With `{"calls": [{"arguments": …, "output": …}, …]}` beside it
    only these arguments are answered; a call without `arguments` answers any, and one without an
    answer has that of its tool. At most 350,000 bytes as JSON.
    """

    source: ScenarioSource = ScenarioSource.MANUAL
    """Written by a person, or drafted. Never changes."""

    source_brief: Brief | None = None
    """Brief that the scenario was drafted from. Never changes."""

    source_agent_id: AgentUuid | None = None
    """Agent of the session or brief that it was drafted from: its UUID, or `agent_` and 32
    hexadecimal digits. Never changes.
    """

    source_persona_id: UUID | None = None
    """Persona that plays the user; it need not be stored here. Never changes."""

    tags: list[str] = Field(default_factory=list)
    """Tags, which lists filter by."""

    agent_ids: list[AgentUuid] = Field(default_factory=list)
    """Agents to run the scenario against: UUIDs, or `agent_` and 32 hexadecimal digits. At most
    50 different ones.
    """
