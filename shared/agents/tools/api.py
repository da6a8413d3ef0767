"""Capabilities in the API, with their tools."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.agents.api import MAX_OFFSET, ListResponse
from shared.agents.tools.capabilities import Capability
from shared.core.api_types import Line


class ListCapabilitiesParameters(BaseModel):
    """Query parameters of the list. Unknown parameters are rejected, not ignored."""

    model_config = ConfigDict(extra="forbid")

    search: Line = ""
    """Only capabilities whose name or description contains this text, ignoring case."""
    offset: int = Field(default=0, ge=0, le=MAX_OFFSET)
    """Number of items to skip."""
    limit: int | None = Field(default=None, ge=0)
    """Maximum number of items; all if absent."""


class CapabilityInfo(BaseModel):
    """A capability that agents and sessions can enable."""

    id: str
    """Id of the capability, as agents and sessions refer to it."""
    name: str
    """Name for people."""
    description: str
    """Purpose of the capability."""
    status: str
    """Always `available`."""
    category: str | None = None
    """Always null: capabilities have no categories."""
    icon: str | None = None
    """Always null: capabilities have no icons."""
    is_mcp: bool = False
    """True for the capability that calls the tools of an MCP server."""
    dependencies: list[str] = []
    """Capabilities that it enables too; always empty."""
    system_prompt: str | None = None
    """Text that it adds to the prompt; always null."""
    tool_definitions: list[dict[str, Any]] = []
    """Tools of the capability; those of a remote one are known when a turn begins."""

    @classmethod
    def of(cls, capability: Capability) -> "CapabilityInfo":
        return cls(
            id=capability.id,
            name=capability.name,
            description=capability.description,
            status="available",
            is_mcp=capability.is_mcp,
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
