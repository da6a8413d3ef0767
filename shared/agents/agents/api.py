"""Agents in the API: requests and responses."""

from datetime import datetime

from pydantic import BaseModel, Field

from shared.agents.agents import domain
from shared.agents.agents.domain import AgentStatus
from shared.agents.agents.service import MAX_PAGE, AgentFields
from shared.agents.api import (
    HARNESS_ID,
    AgentCapabilityConfig,
    ListResponse,
    OffsetParameters,
    TokenUsage,
)
from shared.core.ids import AgentId, ModelId


class CreateAgentRequest(BaseModel):
    """An agent to create, or to replace if one with the given id exists."""

    id: AgentId | None = Field(
        default=None, description="An id of the client's own; generated if absent."
    )
    name: str = Field(description="Name shown to people; at most 2,048 bytes.")
    description: str | None = Field(
        default=None, description="Purpose of the agent; at most 10 KiB."
    )
    system_prompt: str = Field(description="Instructions of the agent; at most 256 KiB.")
    default_model_id: ModelId | None = Field(
        default=None, description="Model of the agent's sessions; the stack's default if absent."
    )
    tags: list[str] = Field(default=[], description="At most 50, of 128 characters each.")
    capabilities: list[AgentCapabilityConfig] = Field(default=[], description="At most 250.")


class UpdateAgentRequest(BaseModel):
    """Fields to set; null or absent leaves a field unchanged."""

    name: str | None = None
    description: str | None = None
    system_prompt: str | None = None
    default_model_id: ModelId | None = None
    tags: list[str] | None = Field(default=None, description="Replaces all tags.")
    capabilities: list[AgentCapabilityConfig] | None = Field(
        default=None, description="Replaces all capabilities."
    )
    status: AgentStatus | None = None


def to_domain(request: CreateAgentRequest | UpdateAgentRequest) -> AgentFields:
    """Return the fields of a request."""
    tags, capabilities = request.tags, request.capabilities
    return AgentFields(
        name=request.name,
        description=request.description,
        system_prompt=request.system_prompt,
        default_model_id=request.default_model_id,
        tags=None if tags is None else tuple(tags),
        capabilities=None
        if capabilities is None
        else tuple(one.to_domain() for one in capabilities),
        status=request.status if isinstance(request, UpdateAgentRequest) else None,
    )


class ListAgentsParameters(OffsetParameters):
    """Query parameters of the list of agents."""

    search: str = Field(
        default="", description="Only agents whose name or description contains this text."
    )
    limit: int = Field(
        default=MAX_PAGE,
        ge=0,
        description=f"Maximum number of agents; above {MAX_PAGE} it is {MAX_PAGE}.",
    )


class Agent(BaseModel):
    """Behavior of an assistant: its prompt, model and capabilities."""

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
        default=None, description="Always null: usage is counted per session."
    )
    harness_id: str = Field(
        default=HARNESS_ID, description="A constant, for clients that reject agents without it."
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
            capabilities=AgentCapabilityConfig.list_of(agent.capabilities),
            status=agent.status,
            created_at=agent.created_at,
            updated_at=agent.updated_at,
        )


class ListResponse_Agent(ListResponse[Agent]):  # noqa: N801  # the schema's name in the API
    """Active agents, newest first."""
