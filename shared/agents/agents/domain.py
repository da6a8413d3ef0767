"""Agent, its status, capability configurations, and client-side tools."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.agents.file_contents import Encoding
from shared.core.ids import AgentId, ModelId, OrganizationId
from shared.sessions.agent_ref import AgentRef

#: Names that address an agent within its organization (the Everruns API).
_ADDRESSABLE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MAX_ADDRESSABLE = 64


#: Ids of remote capabilities: an MCP server, and an HTTP API.
MCP = "mcp"
HTTP = "http"


class AgentStatus(StrEnum):
    """Status of an agent. An archived agent takes no new sessions and is in no list."""

    ACTIVE = "active"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class CapabilityConfig:
    """A capability enabled for an agent or a session.

    ``ref`` is the capability's id; an unknown one is stored and ignored. ``config`` is any
    JSON value that the capability understands; None stands for no configuration.
    """

    ref: str
    config: Any = None

    @property
    def is_remote(self) -> bool:
        """True for a remote capability, whose ref may have a label: ``mcp:weather``."""
        return self.ref.partition(":")[0] in (MCP, HTTP)


@dataclass(frozen=True, slots=True, kw_only=True)
class InitialFile:
    """A file that a session starts with; ``path`` in its normal form (``file_paths``)."""

    path: str
    content: str
    encoding: Encoding = Encoding.TEXT
    is_readonly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientTool:
    """A tool that the client runs: its definition on an agent, a session or a message.

    ``parameters`` is the JSON schema of the arguments; ``display_name`` and ``category`` are
    for clients, and have no effect here.
    """

    name: str
    description: str
    parameters: dict[str, Any]
    display_name: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Behavior of an assistant: its prompt, model, capabilities and client-side tools.

    ``version`` counts the writes of the agent; it is the response's ``ETag``.
    """

    id: AgentId
    organization_id: OrganizationId
    name: str
    system_prompt: str
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    default_model_id: ModelId | None = None
    tags: tuple[str, ...] = ()
    capabilities: tuple[CapabilityConfig, ...] = ()
    initial_files: tuple[InitialFile, ...] = ()
    tools: tuple[ClientTool, ...] = ()
    status: AgentStatus = AgentStatus.ACTIVE
    version: int = 1

    @property
    def ref(self) -> AgentRef:
        """Reference to the agent, as sessions store it."""
        return AgentRef(self.id, self.name)

    def mentions(self, text: str) -> bool:
        """Return whether the name or description contains a text, ignoring case."""
        return text.casefold() in f"{self.name}\n{self.description or ''}".casefold()


def is_addressable(name: str) -> bool:
    """Return whether a name can address an agent: letters, digits and single hyphens."""
    return len(name) <= _MAX_ADDRESSABLE and _ADDRESSABLE.fullmatch(name) is not None
