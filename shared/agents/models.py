"""What agents, sessions and messages have in common in the API."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from shared.agents import domain
from shared.llm import port, registry

#: Newer clients of the Everruns API refuse agents and sessions without a harness. There is
#: one here, and this is its name.
HARNESS_ID = "harness_00000000000000000000000000000001"

#: Offsets are 32-bit integers in the Everruns API.
MAX_OFFSET = 2**31 - 1

type Refusals = dict[int | str, dict[str, Any]]


def is_absent(value: Any) -> bool:
    """Tell what is left out of an answer: what the Everruns API has as absent, not as null."""
    return value is None


class ErrorResponse(BaseModel):
    """Why a request was refused."""

    error: str = Field(description="What went wrong, for people.")


def refusals(described: dict[int, str]) -> Refusals:
    """Return the documentation of the errors an endpoint may answer, beside the usual."""
    usual = {422: "A field of the body has the wrong type or form", 500: "Internal server error"}
    return {
        status: {"description": description, "model": ErrorResponse}
        for status, description in {**described, **usual}.items()
    }


class ListParameters(BaseModel):
    """Which part of a list. What is not known is refused: a filter is never left out."""

    model_config = ConfigDict(extra="forbid")

    cursor: str | None = Field(
        default=None, description="`next_cursor` of the page before: costs the same at any depth."
    )


class OffsetParameters(ListParameters):
    """Which part of a list that also counts from its beginning."""

    offset: int = Field(
        default=0, ge=0, le=MAX_OFFSET, description="How many to pass over; not with a cursor."
    )


class ListResponse[T](BaseModel):
    """A list, in its order. Each kind has a class of its own, for its schema's name."""

    data: list[T] = Field(description="The items.")

    next_cursor: str | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Only where the list goes on behind this answer.",
    )


class AgentCapabilityConfig(BaseModel):
    """A capability switched on, and how it is set up."""

    ref: str = Field(description="Id of the capability; an unknown one is kept and ignored.")
    config: Any = Field(
        default=None,
        exclude_if=lambda config: config is None,
        description="The capability's own settings.",
    )

    def to_domain(self) -> domain.CapabilityConfig:
        return domain.CapabilityConfig(self.ref, self.config)


#: ``int32`` is the width that clients of the Everruns API are told of.
_Tokens = Annotated[int, Field(ge=0, json_schema_extra={"format": "int32"})]


class TokenUsage(BaseModel):
    """Tokens that calls of a model took."""

    input_tokens: _Tokens
    output_tokens: _Tokens
    cache_read_tokens: _Tokens | None = Field(
        default=None, exclude_if=lambda tokens: not tokens, description="Left out when 0."
    )
    cache_creation_tokens: _Tokens | None = Field(
        default=None, exclude_if=lambda tokens: not tokens, description="Left out when 0."
    )

    @classmethod
    def of(cls, usage: port.TokenUsage) -> "TokenUsage | None":
        """Return the usage, or None while there was none."""
        if not usage:
            return None
        return cls(
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cache_read_tokens=usage.cache_read_tokens,
            cache_creation_tokens=usage.cache_creation_tokens,
        )


class ModelInfo(BaseModel):
    """A language model of the stack."""

    id: str = Field(description="What sessions, agents and messages name it by.")
    name: str = Field(description="What the provider calls it.")
    provider: str = Field(description="`scripted` or `bedrock`.")

    @classmethod
    def of(cls, model: registry.Model) -> "ModelInfo":
        return cls(id=str(model.id), name=model.name, provider=model.provider)


class ListResponse_ModelInfo(ListResponse[ModelInfo]):  # noqa: N801  # the schema's name in the API
    """The language models of the stack."""
