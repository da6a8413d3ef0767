"""API models common to agents, sessions, messages and events."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from shared.agents.agents import domain
from shared.agents.agents.domain import CapabilityConfig, ClientTool
from shared.agents.file_contents import Encoding
from shared.agents.file_paths import MAX_PATH_BYTES, named_path
from shared.agents.limits import (
    MAX_CAPABILITIES,
    MAX_CAPABILITY_REF_BYTES,
    MAX_INITIAL_FILES,
    MAX_INITIAL_FILES_BYTES,
    MAX_TAG_LENGTH,
    MAX_TAGS,
    MAX_TOOL_DESCRIPTION_BYTES,
    MAX_TOOL_NAME_LENGTH,
    MAX_TOOLS,
)
from shared.core.api_types import Cursor, Line, is_none
from shared.core.json import dumps

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


def _refuse_unless(*accepted: Any) -> BeforeValidator:
    """Return a validator that refuses settings which would have no effect."""

    def check(value: Any) -> Any:
        if value is None or value == {} or value in accepted:
            return value
        words = ", ".join(["null", *map(dumps, accepted)])
        raise PydanticCustomError("not_served", "must be {words} or absent", {"words": words})

    return BeforeValidator(check)


class ClientSideTool(BaseModel):
    """A tool that the client runs: its calls are in `tool.call_requested` events."""

    type: Literal["client_side"]
    """`client_side`."""
    name: str
    """Name of the tool, as the model calls it."""
    description: str
    """Description for the model."""
    parameters: dict[str, Any]
    """JSON schema of the arguments: an object."""
    display_name: str | None = Field(default=None, exclude_if=is_none)
    """Name for people."""
    category: str | None = Field(default=None, exclude_if=is_none)
    """Category for clients; without effect."""

    @classmethod
    def list_of(cls, tools: tuple[ClientTool, ...]) -> "list[ClientSideTool]":
        return [
            cls(
                type="client_side",
                name=one.name,
                description=one.description,
                parameters=one.parameters,
                display_name=one.display_name,
                category=one.category,
            )
            for one in tools
        ]


class ClientSideToolInput(ClientSideTool):
    """A tool that the client runs, in a request."""

    name: Annotated[
        str, StringConstraints(pattern="^[A-Za-z0-9_-]+$", max_length=MAX_TOOL_NAME_LENGTH)
    ]
    """Name of the tool: at most 64 letters, digits, `_` and `-`; unique in its list."""
    description: Annotated[str, text_up_to(MAX_TOOL_DESCRIPTION_BYTES)]
    """Description for the model; at most 4 KiB."""
    parameters: dict[str, Any]
    """JSON schema of the arguments: an object, of at most 16 KiB and 20 levels."""
    display_name: Line | None = None
    category: Line | None = None
    deferrable: Annotated[Line | None, _refuse_unless("never", "automatic")] = None
    """`never`, `automatic` or absent: schemas are always sent whole."""
    policy: Annotated[Line | None, _refuse_unless("auto")] = None
    """`auto` or absent: approvals are not served."""
    hints: Annotated[dict[str, Any] | None, _refuse_unless()] = None
    """Null, empty or absent: not served."""
    full_parameters: Annotated[dict[str, Any] | None, _refuse_unless()] = None
    """Null or absent: not served."""

    def to_domain(self) -> ClientTool:
        return ClientTool(
            name=self.name,
            description=self.description,
            parameters=self.parameters,
            display_name=self.display_name,
            category=self.category,
        )


def tools_to_domain(tools: list[ClientSideToolInput] | None) -> tuple[ClientTool, ...]:
    """Return the tools of a request."""
    return tuple(one.to_domain() for one in tools or ())


#: Client-side tools in a request, and in a response, where an empty list is left out.
ToolInputs = Annotated[list[ClientSideToolInput], list_up_to(MAX_TOOLS)] | None
Tools = Annotated[list[ClientSideTool], Field(exclude_if=lambda tools: not tools)]


class NotServedFields(BaseModel):
    """Fields of newer versions of the Everruns API; refused while they would have no effect."""

    parallel_tool_calls: Annotated[bool | None, _refuse_unless(True)] = None  # noqa: FBT003  # a value, no switch
    """`true`, null or absent: a model may call several tools at once."""
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
        for status, description in sorted({**common, **described}.items())
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
