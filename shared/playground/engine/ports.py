"""Ports of the engine: the agent that speaks in agent nodes, and the tools."""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from shared.playground.graph import AgentNode, Variable, get_variable
from shared.sessions.recorded_worlds.answers import Matched

type Role = Literal["user", "agent"]
#: Context of one call of a model: gives what takes the text so far, or None without listeners.
type Listen = Callable[[], AbstractContextManager[Callable[[str], None] | None]]


@dataclass(frozen=True, slots=True)
class AgentToolCall:
    """Tool call that an agent requests; the tool must be one of its node's."""

    tool: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AgentToolResult:
    """Result of an agent's tool call; ``error`` is None when the tool answered."""

    call: AgentToolCall
    output: Any = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRequest:
    """Request to the agent of a node.

    The engine repeats it until the agent neither writes nor calls a tool, or the node is done.
    ``message`` is the user's to this node in this turn; None when the turn reached the node from
    another one. ``spoken`` has role and text of everything said in this turn so far, in order.
    ``open_variables`` are still to be collected: required ones without a value; if there are
    none, the variables of a ``done_when`` that does not hold. ``written`` and ``results`` are
    those of this run of the node, ``rejected`` those of the last answer, with reasons.
    """

    node: AgentNode
    persona: str | None
    variables: Mapping[str, Variable]
    values: Mapping[str, Any]
    message: str | None
    asked_variable: str | None
    open_variables: tuple[str, ...]
    spoken: tuple[tuple[Role, str], ...] = ()
    written: Mapping[str, Any] = field(default_factory=dict)
    rejected: Mapping[str, str] = field(default_factory=dict)
    results: tuple[AgentToolResult, ...] = ()

    @property
    def is_first(self) -> bool:
        """True for the first request in a run of the node."""
        return not (self.written or self.rejected or self.results)

    def variable(self, name: str) -> Variable:
        """Return a variable; an undeclared one is a string."""
        return get_variable(self.variables, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAnswer:
    """Answer of an agent: writes and tool calls, or neither to wait for the user.

    ``asks`` is the variable that the text asks for; None means the first open one.
    """

    text: str = ""
    writes: Mapping[str, Any] = field(default_factory=dict)
    tool_calls: tuple[AgentToolCall, ...] = ()
    asks: str | None = None


class AgentFailed(Exception):
    """Failure of an agent to answer; ``retryable`` if the same message may succeed later."""

    def __init__(self, reason: str, *, retryable: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retryable = retryable


class Agent(Protocol):
    """Speaker of agent nodes."""

    def answer(self, request: AgentRequest) -> AgentAnswer:
        """Return the next step.

        Raises :class:`AgentFailed`, and nothing else but what a listener to its text raises.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolAnswer:
    """Answer of a tool: an output or an error.

    ``recorded`` is the index of the recorded call that was repeated, ``matched`` the rule that
    chose it; both None without recordings.
    """

    output: Any = None
    error: str | None = None
    delay_ms: int = 0
    recorded: int | None = None
    matched: Matched | None = None


class Tools(Protocol):
    """Tools of a conversation."""

    def call(self, tool: str, arguments: Mapping[str, Any], used: Collection[int]) -> ToolAnswer:
        """Call a tool; a missing one answers with an error.

        ``used`` are the indexes of the recorded calls that were already repeated.
        """
