"""Agents in the API: requests and responses."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from shared.agents.agents import domain
from shared.agents.agents.domain import AgentStatus
from shared.agents.agents.service import MAX_PAGE, AgentFields
from shared.agents.api import (
    HARNESS_ID,
    AgentCapabilityConfig,
    Capabilities,
    ClientSideTool,
    InitialFile,
    InitialFiles,
    ListResponse,
    NotServedFields,
    OffsetParameters,
    Tags,
    TokenUsage,
    ToolInputs,
    Tools,
    text_up_to,
    tools_to_domain,
)
from shared.agents.limits import MAX_DESCRIPTION_BYTES, MAX_NAME_BYTES, MAX_SYSTEM_PROMPT_BYTES
from shared.core.api_types import Line, is_none
from shared.core.errors import InvalidInput
from shared.core.ids import AgentId, ModelId

_Name = Annotated[str, text_up_to(MAX_NAME_BYTES)]
_Description = Annotated[str, text_up_to(MAX_DESCRIPTION_BYTES)]
_SystemPrompt = Annotated[str, text_up_to(MAX_SYSTEM_PROMPT_BYTES)]


class CreateAgentRequest(NotServedFields):
    """An agent to create, or to replace if one with the given id or unique name exists."""

    id: AgentId | None = None
    """An id of the client's own; generated if absent."""
    name: _Name
    """Name shown to people; at most 2,048 bytes."""
    description: _Description | None = None
    """Purpose of the agent; at most 10 KiB."""
    system_prompt: _SystemPrompt
    """Instructions of the agent; at most 256 KiB."""
    default_model_id: ModelId | None = None
    """Model of the agent's sessions; the stack's default if absent."""
    tags: Tags = Field(default=[])
    """Labels of the agent; at most 50, of 128 characters each."""
    capabilities: Capabilities = Field(default=[])
    """Capabilities of the agent's sessions; at most 250."""
    initial_files: InitialFiles | None = None
    """Files that each session of the agent starts with; at most 50, with 128 KiB of content."""
    tools: ToolInputs = None
    """Tools that the client runs; at most 64, of 64 KiB together."""

    @property
    def has_unique_name(self) -> bool:
        """True for a client in whose version of the Everruns API names are unique.

        Its SDKs create and upsert an agent by name with the same request, which has a field
        that the earlier version lacks.
        """
        return not self.model_fields_set.isdisjoint({"tools", "initial_files"})


class UpdateAgentRequest(NotServedFields):
    """Fields to set; null or absent leaves a field unchanged."""

    name: _Name | None = None
    """Name shown to people; at most 2,048 bytes."""
    description: _Description | None = None
    """Purpose of the agent; at most 10 KiB."""
    system_prompt: _SystemPrompt | None = None
    """Instructions of the agent; at most 256 KiB."""
    default_model_id: ModelId | None = None
    """Model of the agent's sessions."""
    tags: Tags | None = None
    """Replaces all tags; at most 50, of 128 characters each."""
    capabilities: Capabilities | None = None
    """Replaces all capabilities; at most 250."""
    initial_files: InitialFiles | None = None
    """Replaces all initial files; at most 50, with 128 KiB of content. Sessions keep theirs."""
    tools: ToolInputs = None
    """Replaces all tools that the client runs; at most 64, of 64 KiB together."""
    status: AgentStatus | None = None
    """`archived` takes the agent out of lists and use, `active` brings it back."""


#: OpenAPI documentation of an agent's file, in a response and in a request.
EXPORT_RESPONSE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The agent, as a file",
        "headers": {
            "Content-Disposition": {
                "description": "Name of the file.",
                "schema": {"type": "string"},
            }
        },
        "content": {"text/markdown": {"schema": {"type": "string"}}},
    }
}
IMPORT_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/plain": {
                # The bytes of a file: generated clients would otherwise send a JSON string.
                "schema": {"type": "string", "format": "binary", "maxLength": 1024 * 1024}
            }
        },
    }
}


def read_agent_file(content: bytes, now: datetime) -> CreateAgentRequest:
    """Return the agent in a file. Raises ``InvalidInput`` that names the field."""
    # Not loaded by the other functions of agents: they need no YAML.
    from shared.agents.agents.files import parse_agent  # noqa: PLC0415

    try:
        return CreateAgentRequest.model_validate(parse_agent(content.decode("utf-8-sig"), now))
    except UnicodeDecodeError as error:
        raise InvalidInput("body: must be UTF-8.") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise InvalidInput(f"{field}: {first['msg']}.") from error


def to_domain(request: CreateAgentRequest | UpdateAgentRequest) -> AgentFields:
    """Return the fields of a request."""
    tags, capabilities, files = request.tags, request.capabilities, request.initial_files
    return AgentFields(
        name=request.name,
        description=request.description,
        system_prompt=request.system_prompt,
        default_model_id=request.default_model_id,
        tags=None if tags is None else tuple(tags),
        capabilities=None
        if capabilities is None
        else tuple(one.to_domain() for one in capabilities),
        initial_files=None if files is None else tuple(one.to_domain() for one in files),
        tools=None if request.tools is None else tools_to_domain(request.tools),
        status=request.status if isinstance(request, UpdateAgentRequest) else None,
    )


class ListAgentsParameters(OffsetParameters):
    """Query parameters of the list of agents."""

    search: Line = ""
    """Only agents whose name or description contains this text, ignoring case. Filters what is
    read: at most 1,000 agents a page."""
    limit: Annotated[int, Field(ge=0)] = MAX_PAGE
    """Maximum number of agents; above 1,000 it is 1,000, and the page's `limit` says so."""

    @property
    def capped_limit(self) -> int | None:
        """The number in place of a larger requested one; None if that is in force."""
        return MAX_PAGE if self.limit > MAX_PAGE else None


class Agent(BaseModel):
    """Behavior of an assistant: its prompt, model and capabilities."""

    id: str
    """Id of the agent."""
    name: str
    """Name shown to people."""
    description: str | None = None
    """Purpose of the agent."""
    system_prompt: str
    """Instructions of the agent."""
    default_model_id: str | None = None
    """Model of the agent's sessions; null for the stack's default."""
    tags: list[str] = []
    """Labels of the agent."""
    capabilities: list[AgentCapabilityConfig] = []
    """Capabilities of the agent's sessions."""
    initial_files: list[InitialFile] = Field(default=[], exclude_if=lambda files: not files)
    """Files that each session of the agent starts with; absent if there are none."""
    tools: Tools = []
    """Tools that the client runs; absent if there are none."""
    status: AgentStatus
    """`active`, or `archived` after a delete."""
    created_at: datetime
    """Time of creation."""
    updated_at: datetime
    """Time of the last change."""
    usage: TokenUsage | None = None
    """Always null: usage is counted per session."""
    harness_id: str = HARNESS_ID
    """A constant, for clients that reject agents without it."""

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
            initial_files=InitialFile.list_of(agent.initial_files),
            tools=ClientSideTool.list_of(agent.tools),
            status=agent.status,
            created_at=agent.created_at,
            updated_at=agent.updated_at,
        )


class ListResponse_Agent(ListResponse[Agent]):  # noqa: N801  # the schema's name in the API
    """Active agents, newest first."""

    limit: int | None = Field(default=None, exclude_if=is_none)
    """Maximum number of agents in a page, if a larger one was requested; else absent."""
