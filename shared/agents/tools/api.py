"""Capabilities in the API, with their tools."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.agents.api import MAX_OFFSET, ListResponse
from shared.agents.tools.capabilities import Capability


class ListCapabilitiesParameters(BaseModel):
    """Query parameters of the list. Unknown parameters are rejected, not ignored."""

    model_config = ConfigDict(extra="forbid")

    search: str = Field(
        default="", description="Only capabilities whose name or description contains this text."
    )
    offset: int = Field(default=0, ge=0, le=MAX_OFFSET, description="Number of items to skip.")
    limit: int | None = Field(
        default=None, ge=0, description="Maximum number of items; all if absent."
    )


class CapabilityInfo(BaseModel):
    """A capability that agents and sessions can enable."""

    id: str
    name: str
    description: str = Field(description="Purpose of the capability.")
    status: str = Field(description="Always `available`.")
    category: str | None = None
    icon: str | None = None
    is_mcp: bool = Field(default=False, description="Whether an MCP server provides it.")
    dependencies: list[str] = Field(default=[], description="Capabilities that it enables too.")
    system_prompt: str | None = Field(default=None, description="Text that it adds to the prompt.")
    tool_definitions: list[dict[str, Any]] = Field(
        default=[], description="Tools of the capability."
    )

    @classmethod
    def of(cls, capability: Capability) -> "CapabilityInfo":
        return cls(
            id=capability.id,
            name=capability.name,
            description=capability.description,
            status="available",
            tool_definitions=[
                {
                    "type": "builtin",
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": tool.specification.parameters,
                }
                for tool in capability.tools
            ],
        )


class ListResponse_CapabilityInfo(ListResponse[CapabilityInfo]):  # noqa: N801  # the schema's name in the API
    """Capabilities of the stack."""
