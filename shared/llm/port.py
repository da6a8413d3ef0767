"""The port to a language model: what a turn asks of it, and what it gets back.

Every implementation (scripted, Bedrock, one of your own) is a :class:`LanguageModel`.
"""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

type Role = Literal["user", "agent", "tool_result"]
#: A content part as JSON values. ``{"type": "text", "text"}`` and ``{"type": "image", …}`` of
#: users, ``text`` and ``{"type": "tool_call", "id", "name", "arguments"}`` of agents,
#: ``{"type": "tool_result", "tool_call_id", "result" | "error"}`` of tools.
type Part = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenUsage:
    """Tokens that one or more calls of a model took."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_creation_tokens: int = 0

    def __add__(self, other: "TokenUsage") -> "TokenUsage":
        return TokenUsage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cache_read_tokens=self.cache_read_tokens + other.cache_read_tokens,
            cache_creation_tokens=self.cache_creation_tokens + other.cache_creation_tokens,
        )

    def __bool__(self) -> bool:
        return self != NO_USAGE


NO_USAGE = TokenUsage()


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of the conversation so far."""

    role: Role
    content: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ToolSpecification:
    """A tool the model may call; ``parameters`` is a JSON schema of its arguments."""

    name: str
    description: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call the model asks for; its result goes back with the same id."""

    id: str
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest:
    """One question to a model.

    Attributes
    ----------
    model
        The provider's name of the model.
    effort
        How much to reason (``low``, ``medium``, ``high``); None is the model's own way.
        A model that has no such setting ignores it.
    time_limit
        Seconds that the answer may take, repeated attempts included.
    """

    model: str
    system_prompt: str
    messages: tuple[ChatMessage, ...]
    tools: tuple[ToolSpecification, ...] = ()
    effort: str | None = None
    time_limit: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAnswer:
    """What a model said. With ``tool_calls`` it waits for their results."""

    text: str
    tool_calls: tuple[ToolCall, ...] = ()
    usage: TokenUsage = NO_USAGE


class ModelFailed(Exception):
    """The model gave no answer; ``retryable`` when a later turn may well get one."""

    def __init__(self, reason: str, *, retryable: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retryable = retryable


class LanguageModel(Protocol):
    """Something that answers a conversation."""

    def answer(self, request: ModelRequest) -> ModelAnswer:
        """Return the next message. Raises :class:`ModelFailed`, and nothing else."""
