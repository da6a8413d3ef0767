"""Agents in the API: what clients send and what they get."""

from datetime import datetime

from pydantic import BaseModel, Field

from shared.agents import domain
from shared.agents.agent_service import MAX_PAGE, AgentChanges, AgentInput, AgentQuery
from shared.agents.domain import AgentStatus
from shared.agents.models import (
    HARNESS_ID,
    AgentCapabilityConfig,
    ListResponse,
    OffsetParameters,
    TokenUsage,
)
from shared.core.ids import AgentId, ModelId


class CreateAgentRequest(BaseModel):
    """An agent to create, or to replace if it has the given id."""

    id: AgentId | None = Field(
        default=None, description="An id of your own; one is made if it is left out."
    )
    name: str = Field(description="Shown to people; 2,048 bytes at most.")
    description: str | None = Field(default=None, description="What the agent does; 10 KiB.")
    system_prompt: str = Field(description="How the agent behaves; 256 KiB at most.")
    default_model_id: ModelId | None = Field(
        default=None, description="Model of its sessions; the stack's own, if left out."
    )
    tags: list[str] = Field(default=[], description="50 at most, of 128 characters.")
    capabilities: list[AgentCapabilityConfig] = Field(default=[], description="250 at most.")

    def to_domain(self) -> AgentInput:
        return AgentInput(
            id=self.id,
            name=self.name,
            description=self.description,
            system_prompt=self.system_prompt,
            default_model_id=self.default_model_id,
            tags=tuple(self.tags),
            capabilities=tuple(one.to_domain() for one in self.capabilities),
        )


class UpdateAgentRequest(BaseModel):
    """What to set of an agent; null or left out is unchanged."""

    name: str | None = None
    description: str | None = None
    system_prompt: str | None = None
    default_model_id: ModelId | None = None
    tags: list[str] | None = Field(default=None, description="Takes the place of all tags.")
    capabilities: list[AgentCapabilityConfig] | None = Field(
        default=None, description="Takes the place of all capabilities."
    )
    status: AgentStatus | None = None

    def to_domain(self) -> AgentChanges:
        given = self.capabilities
        return AgentChanges(
            name=self.name,
            description=self.description,
            system_prompt=self.system_prompt,
            default_model_id=self.default_model_id,
            tags=None if self.tags is None else tuple(self.tags),
            capabilities=None if given is None else tuple(one.to_domain() for one in given),
            status=self.status,
        )


class ListAgentsParameters(OffsetParameters):
    """Which agents to list, and which part of the list."""

    search: str = Field(default="", description="Only with this in name or description.")
    limit: int = Field(
        default=MAX_PAGE, ge=0, description=f"How many at most; above {MAX_PAGE} it is {MAX_PAGE}."
    )

    def to_domain(self, *, after: str | None) -> AgentQuery:
        return AgentQuery(
            search=self.search, limit=min(self.limit, MAX_PAGE), offset=self.offset, after=after
        )


class Agent(BaseModel):
    """How an assistant behaves."""

    id: str
    name: str
    description: str | None = None
    system_prompt: str
    default_model_id: str | None = None
    tags: list[str] = []
    capabilities: list[AgentCapabilityConfig] = []
    status: AgentStatus
    created_at: datetime
    updated_at: datetime
    usage: TokenUsage | None = Field(
        default=None, description="Always null: usage is counted by session."
    )
    harness_id: str = Field(
        default=HARNESS_ID, description="A constant, for clients that refuse agents without it."
    )

    @classmethod
    def of(cls, agent: domain.Agent) -> "Agent":
        return cls(
            id=str(agent.id),
            name=agent.name,
            description=agent.description,
            system_prompt=agent.system_prompt,
            default_model_id=str(agent.default_model_id) if agent.default_model_id else None,
            tags=list(agent.tags),
            capabilities=[
                AgentCapabilityConfig(ref=one.ref, config=one.config) for one in agent.capabilities
            ],
            status=agent.status,
            created_at=agent.created_at,
            updated_at=agent.updated_at,
        )


class ListResponse_Agent(ListResponse[Agent]):  # noqa: N801  # the schema's name in the API
    """Active agents, newest first."""
