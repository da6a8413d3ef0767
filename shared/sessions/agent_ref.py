"""Reference to the agent of a session."""

from dataclasses import dataclass

from shared.core.ids import AgentId


@dataclass(frozen=True, slots=True)
class AgentRef:
    """The agent of a session, with its name at the time of opening."""

    id: AgentId
    name: str
