"""API models common to agents, sessions, messages and events."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from shared.agents.agents import domain
from shared.agents.agents.domain import CapabilityConfig
from shared.agents.file_contents import Encoding
from shared.agents.file_paths import MAX_PATH_BYTES, named_path
from shared.agents.limits import (
    MAX_CAPABILITIES,
    MAX_CAPABILITY_REF_BYTES,
    MAX_INITIAL_FILES,
    MAX_INITIAL_FILES_BYTES,
    MAX_TAG_LENGTH,
    MAX_TAGS,
)
from shared.core.api_types import Cursor, is_none

if TYPE_CHECKING:
    from shared.llm import port

#: Newer clients of the Everruns API reject agents and sessions without a harness; here it is
#: a constant.
HARNESS_ID = "harness_00000000000000000000000000000001"

#: Offsets are 32-bit integers in the Everruns API.
MAX_OFFSET = 2**31 - 1


def text_up_to(most: int) -> WithJsonSchema:
    """Return the schema of a text whose length is checked by ``limits``, with its own error."""
    return WithJsonSchema({"type": "string", "maxLength": most})


def list_up_to(most: int) -> Any:
    """Return the schema of a list whose length is checked by ``limits``, with its own error."""
    return Field(json_schema_extra={"maxItems": most})


Tags = Annotated[list[Annotated[str, text_up_to(MAX_TAG_LENGTH)]], list_up_to(MAX_TAGS)]


def _refuse(value: list[Any]) -> list[Any]:
    if value:
        raise PydanticCustomError("not_served", "must be empty or absent: not served yet")
    return value


#: A list that newer clients of the Everruns API send empty. What is in it would have no effect.
NotServed = Annotated[list[Any], AfterValidator(_refuse), Field(json_schema_extra={"maxItems": 0})]


class NotServedFields(BaseModel):
    """Fields of newer versions of the Everruns API; refused while they would have no effect."""

    tools: NotServed | None = None
    """Client-side tools: not served yet, so it must be empty or absent."""
    initial_files: NotServed | None = None
    """Set when the session is created, so it must be empty or absent."""


class ErrorResponse(BaseModel):
    """Error body: a message for people."""

    error: str
    """Reason of the error, for people."""


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

    cursor: Cursor | None = None
    """`next_cursor` of the previous page, sent with the same other parameters: costs the same
    at any depth."""


class OffsetParameters(ListParameters):
    """Query parameters of a list that also supports an offset."""

    offset: int = Field(default=0, ge=0, le=MAX_OFFSET)
    """Number of items to skip; cannot be used together with a cursor."""


class ListResponse[T](BaseModel):
    """A page of a list. Each kind has a subclass, which gives its schema a name."""

    data: list[T]
    """The items."""
    next_cursor: str | None = Field(default=None, exclude_if=is_none)
    """Cursor of the next page; absent on the last page."""


class AgentCapabilityConfig(BaseModel):
    """A capability enabled for an agent or a session, with its configuration."""

    ref: Annotated[str, text_up_to(MAX_CAPABILITY_REF_BYTES)]
    """Id of the capability, of at most 128 bytes; an unknown one is stored and ignored. `mcp` is a
    remote MCP server and `http` an HTTP API; a label, as in `mcp:weather`, tells several apart."""
    config: Any = Field(default=None, exclude_if=is_none)
    """Settings of the capability, any JSON; at most 64 KiB in all capabilities together. Of `mcp`:
    `url`, `secret`, `header`, `tools`; of `http`: `document` or `document_url`, `server`,
    `secret`, `operations`."""

    @classmethod
    def list_of(cls, capabilities: tuple[CapabilityConfig, ...]) -> "list[AgentCapabilityConfig]":
        return [cls(ref=one.ref, config=one.config) for one in capabilities]

    def to_domain(self) -> CapabilityConfig:
        return CapabilityConfig(self.ref, self.config)


Capabilities = Annotated[list[AgentCapabilityConfig], list_up_to(MAX_CAPABILITIES)]


class InitialFile(BaseModel):
    """A file that a session starts with."""

    path: Annotated[str, text_up_to(MAX_PATH_BYTES)]
    """Path in the session, at most 512 bytes, as of a session file."""
    content: Annotated[str, text_up_to(MAX_INITIAL_FILES_BYTES)]
    """The content, in the form of `encoding`; at most 128 KiB in all initial files together."""
    encoding: Encoding | None = None
    """`text` (the default) or `base64`."""
    is_readonly: bool | None = None
    """True to protect the content from updates; false if absent."""

    @classmethod
    def list_of(cls, files: tuple[domain.InitialFile, ...]) -> "list[InitialFile]":
        return [
            cls(
                path=one.path,
                content=one.content,
                encoding=one.encoding,
                is_readonly=one.is_readonly,
            )
            for one in files
        ]

    def to_domain(self) -> domain.InitialFile:
        """Return the file. Raises ``InvalidInput`` for a path that no file can have."""
        return domain.InitialFile(
            path=named_path(self.path, "initial_files.path"),
            content=self.content,
            encoding=self.encoding or Encoding.TEXT,
            is_readonly=bool(self.is_readonly),
        )


InitialFiles = Annotated[list[InitialFile], list_up_to(MAX_INITIAL_FILES)]

#: The Everruns API declares token counts as ``int32``.
_Tokens = Annotated[int, Field(ge=0, json_schema_extra={"format": "int32"})]
_CachedTokens = Annotated[
    _Tokens | None,
    Field(exclude_if=lambda tokens: not tokens),
]


class TokenUsage(BaseModel):
    """Tokens of model calls."""

    input_tokens: _Tokens
    """Tokens of the prompts."""
    output_tokens: _Tokens
    """Tokens of the answers."""
    cache_read_tokens: _CachedTokens = None
    """Tokens of the prompts that were read from the model's cache; absent if 0."""
    cache_creation_tokens: _CachedTokens = None
    """Tokens of the prompts that were written to the model's cache; absent if 0."""

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
