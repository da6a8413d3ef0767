"""What the engine asks of the world outside: an agent that talks, and tools that answer."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from shared.playground.graph import AgentNode, Variable, declared

type Role = Literal["user", "agent"]


@dataclass(frozen=True, slots=True)
class AgentToolCall:
    """A tool of its node that an agent wants called."""

    tool: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AgentToolResult:
    """What came of an agent's call; ``error`` is None when the tool answered."""

    call: AgentToolCall
    output: Any = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRequest:
    """One question to the agent of a node.

    A node's agent is asked until it neither writes nor calls, or the node is done.

    Attributes
    ----------
    variables, values
        The variables that the graph declares, and those that have a value.
    message
        What the user said to this node in this turn; None when the turn ran into it.
    spoken
        What was said in this turn so far, in order: by whom (user or agent), and the words.
    asking
        The variable that this node asked the user for last, if it did.
    wanted
        The variables that are still to be found out, in order: the required ones without
        a value; if there are none, those that ``done_when`` does not hold for.
    written, refused
        What this run of the node has written so far; and what it tried to and why not.
    results
        What its calls in this run came to, in order.
    """

    node: AgentNode
    persona: str | None
    variables: Mapping[str, Variable]
    values: Mapping[str, Any]
    message: str | None
    asking: str | None
    wanted: tuple[str, ...]
    spoken: tuple[tuple[Role, str], ...] = ()
    written: Mapping[str, Any] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    results: tuple[AgentToolResult, ...] = ()

    def variable(self, name: str) -> Variable:
        """Return a variable; one that is not declared is a text."""
        return declared(self.variables, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAnswer:
    """What an agent does next: writes and calls, or, with neither, wait for the user.

    Attributes
    ----------
    text
        What it says to the user, if anything.
    asks
        The variable that its text asks for; None leaves it to the engine to assume.
    """

    text: str = ""
    writes: Mapping[str, Any] = field(default_factory=dict)
    tool_calls: tuple[AgentToolCall, ...] = ()
    asks: str | None = None


class AgentFailed(Exception):
    """The agent gives no answer; ``retryable`` when the same message may well get one."""

    def __init__(self, reason: str, *, retryable: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retryable = retryable


class Agent(Protocol):
    """Who talks in agent nodes."""

    def answer(self, request: AgentRequest) -> AgentAnswer:
        """Return what to do next. Raises :class:`AgentFailed`, and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolAnswer:
    """What a tool answers: an output, or an error.

    Attributes
    ----------
    delay_ms
        How long the tool takes, in milliseconds.
    recorded
        Which recorded call this is the answer of; None in a world without recordings.
    """

    output: Any = None
    error: str | None = None
    delay_ms: int = 0
    recorded: int | None = None


class Tools(Protocol):
    """Where tools are called."""

    def call(self, tool: str, arguments: Mapping[str, Any], used: Collection[int]) -> ToolAnswer:
        """Return a tool's answer; one that cannot be reached answers with an error.

        ``used`` are the recorded calls that have been answered with before.
        """
