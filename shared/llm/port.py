"""Port to language models: requests, answers and failures.

Every provider (scripted, Bedrock, OpenAI-compatible servers) implements :class:`LanguageModel`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from shared.core.json import dumps, is_too_deep, valid_text, valid_value

#: Tool calls of one answer; what a model asks for beyond is dropped.
MAX_CALLS = 100

type Role = Literal["user", "agent", "tool_result"]
#: A content part as JSON values. ``{"type": "text", "text"}`` and ``{"type": "image", …}`` of
#: users, ``text`` and ``{"type": "tool_call", "id", "name", "arguments"}`` of agents,
#: ``{"type": "tool_result", "tool_call_id", "result" | "error"}`` of tools.
type Part = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenUsage:
    """Tokens used by one or more calls of a model."""

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
    """One message of a conversation."""

    role: Role
    content: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ToolSpecification:
    """Tool that the model may call; ``parameters`` is the JSON schema of its arguments."""

    name: str
    description: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """Tool call that the model requests; its result carries the same id.

    ``error`` is the reason why the call must not be run: its arguments could not be read, and
    are empty here. The error is the call's result, so that the model can correct itself.
    """

    id: str
    name: str
    arguments: dict[str, Any]
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest:
    """One request to a model.

    Attributes
    ----------
    model
        The provider's name of the model.
    effort
        Reasoning effort (``low``, ``medium``, ``high``); None for the model's default.
        A model without such a setting ignores it.
    time_limit
        Seconds that the answer may take, retries included.
    on_text
        Called with the whole text so far whenever text arrives; None for an answer in one
        piece. Whatever it raises stops the model and passes through. Providers without
        streaming ignore it.
    output_schema
        JSON schema that the answer's text should keep to; None for free text. Models differ in
        how strictly they keep to it: the caller validates the text.
    """

    model: str
    system_prompt: str
    messages: tuple[ChatMessage, ...]
    tools: tuple[ToolSpecification, ...] = ()
    effort: str | None = None
    time_limit: float = 60.0
    on_text: Callable[[str], None] | None = field(default=None, compare=False, repr=False)
    output_schema: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAnswer:
    """Answer of a model. With ``tool_calls``, the model waits for their results.

    ``is_cut`` if the model reached its length limit before the end of the answer.

    Models cut characters in half, and some write NaN: lone surrogates are replaced here, and
    calls that JSON cannot express get an error, for every provider.
    """

    text: str
    tool_calls: tuple[ToolCall, ...] = ()
    usage: TokenUsage = NO_USAGE
    is_cut: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", valid_text(self.text))
        object.__setattr__(self, "tool_calls", tuple(map(_valid_call, self.tool_calls[:MAX_CALLS])))


def _valid_call(call: ToolCall) -> ToolCall:
    arguments, error = call.arguments, call.error
    try:
        if is_too_deep(arguments):
            raise ValueError
        dumps(arguments)
        arguments = valid_value(arguments)
    except ValueError:  # NaN, digits without end, nesting
        arguments, error = {}, "the arguments are no valid JSON; call the tool again with JSON"
    return replace(
        call, id=valid_text(call.id), name=valid_text(call.name), arguments=arguments, error=error
    )


class ModelFailed(Exception):
    """Failure to answer; ``retryable`` if a later turn may succeed."""

    def __init__(self, reason: str, *, retryable: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retryable = retryable


class LanguageModel(Protocol):
    """Model that answers a conversation."""

    def answer(self, request: ModelRequest) -> ModelAnswer:
        """Return the next message.

        Raises :class:`ModelFailed`, and nothing else but what ``on_text`` raises.
        """
