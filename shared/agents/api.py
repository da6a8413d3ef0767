"""API models common to agents, sessions, messages and events."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from shared.agents.agents.domain import CapabilityConfig

if TYPE_CHECKING:
    from shared.llm import port

#: Newer clients of the Everruns API reject agents and sessions without a harness; here it is
#: a constant.
HARNESS_ID = "harness_00000000000000000000000000000001"

#: Offsets are 32-bit integers in the Everruns API.
MAX_OFFSET = 2**31 - 1


def is_none(value: Any) -> bool:
    """Return whether a field is left out of a response: absent in the Everruns API, not null."""
    return value is None


class ErrorResponse(BaseModel):
    """Error body: a message for people."""

    error: str = Field(description="Reason of the error, for people.")


def error_responses(described: dict[int, str]) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI documentation of an endpoint's errors; always includes 422 and 500."""
    common = {422: "A field of the body has the wrong type or form", 500: "Internal server error"}
    return {
        status: {"description": description, "model": ErrorResponse}
        for status, description in {**described, **common}.items()
    }


class ListParameters(BaseModel):
    """Query parameters of a list. Unknown parameters are rejected, not ignored."""

    model_config = ConfigDict(extra="forbid")

    cursor: str | None = Field(
        default=None,
        description="`next_cursor` of the previous page: costs the same at any depth.",
    )


class OffsetParameters(ListParameters):
    """Query parameters of a list that also supports an offset."""

    offset: int = Field(
        default=0,
        ge=0,
        le=MAX_OFFSET,
        description="Number of items to skip; cannot be used together with a cursor.",
    )


class ListResponse[T](BaseModel):
    """A page of a list. Each kind has a subclass, which gives its schema a name."""

    data: list[T] = Field(description="The items.")

    next_cursor: str | None = Field(
        default=None,
        exclude_if=is_none,
        description="Cursor of the next page; absent on the last page.",
    )


class AgentCapabilityConfig(BaseModel):
    """A capability enabled for an agent or a session, with its configuration."""

    ref: str = Field(description="Id of the capability; an unknown one is stored and ignored.")
    config: Any = Field(default=None, exclude_if=is_none, description="Settings of the capability.")

    @classmethod
    def list_of(cls, capabilities: tuple[CapabilityConfig, ...]) -> "list[AgentCapabilityConfig]":
        return [cls(ref=one.ref, config=one.config) for one in capabilities]

    def to_domain(self) -> CapabilityConfig:
        return CapabilityConfig(self.ref, self.config)


#: The Everruns API declares token counts as ``int32``.
_Tokens = Annotated[int, Field(ge=0, json_schema_extra={"format": "int32"})]
_CachedTokens = Annotated[
    _Tokens | None,
    Field(exclude_if=lambda tokens: not tokens, description="Absent if 0."),
]


class TokenUsage(BaseModel):
    """Tokens of model calls."""

    input_tokens: _Tokens
    output_tokens: _Tokens
    cache_read_tokens: _CachedTokens = None
    cache_creation_tokens: _CachedTokens = None

    @classmethod
    def of(cls, usage: "port.TokenUsage") -> "TokenUsage | None":
        """Return the usage, or None if no tokens were used."""
        if not usage:
            return None
        return cls(
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cache_read_tokens=usage.cache_read_tokens,
            cache_creation_tokens=usage.cache_creation_tokens,
        )
