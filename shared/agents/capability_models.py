"""Capabilities in the API, with the tools that they bring."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.agents import capabilities
from shared.agents.models import MAX_OFFSET, ListResponse
from shared.agents.tools.toolbox import TOOLS


class ListCapabilitiesParameters(BaseModel):
    """Which capabilities to list. What is not known is refused: a filter is never left out."""

    model_config = ConfigDict(extra="forbid")

    search: str = Field(default="", description="Only with this in name or description.")
    offset: int = Field(default=0, ge=0, le=MAX_OFFSET, description="How many to pass over.")
    limit: int | None = Field(default=None, ge=0, description="How many at most; all, if left out.")


class CapabilityInfo(BaseModel):
    """A capability that agents and sessions can switch on."""

    id: str
    name: str
    description: str = Field(description="What it provides.")
    status: str = Field(description="`available`: it can be used.")
    category: str | None = None
    icon: str | None = None
    is_mcp: bool = Field(default=False, description="Whether an MCP server provides it.")
    dependencies: list[str] = Field(default=[], description="Capabilities it switches on as well.")
    system_prompt: str | None = Field(default=None, description="What it adds to the prompt.")
    tool_definitions: list[dict[str, Any]] = Field(default=[], description="Tools it brings.")

    @classmethod
    def of(cls, capability: capabilities.Capability) -> "CapabilityInfo":
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
                for tool in TOOLS.get(capability.id, ())
            ],
        )


class ListResponse_CapabilityInfo(ListResponse[CapabilityInfo]):  # noqa: N801  # the schema's name in the API
    """The capabilities of the stack."""
